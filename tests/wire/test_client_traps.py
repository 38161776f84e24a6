"""How real clients behave: row by row of the reference's list of traps (marketplaces 6), the test of each.

A row without a test, or a test that is no longer there, fails.
"""

import ast
from pathlib import Path

from prakerja_sim.mocks import tokopedia_b2b
from tests.mocks.tokopedia.conftest import Market
from tests.mocks.tokopedia_b2b.distributors import Distributor

HOME = Path(__file__).parent.parent
SAT, CLIENTS = "mocks/tokopedia_b2b/test_sat.py", "mocks/bukalapak/test_bukalapak_clients.py"
HERE, EVERY = "wire/test_client_traps.py", "mocks/shop/test_every_marketplace.py"
VECTORS, TROUBLE = "wire/test_signature_vectors.py", "mocks/http/test_http_faults.py"
PRESENCE = "mocks/prakerja/test_attendance_wire.py"
TRAPS = {
    1: [(SAT, "test_a_signature_may_have_any_salt_and_ours_has_the_longest")],
    2: [
        (SAT, "test_a_callback_tells_how_an_order_ended_signed_in_the_text_that_both_known_clients_verify"),
        ("wire/test_distributor_clients.py", "test_a_program_buys_and_believes_only_what_is_signed"),
    ],
    3: [("wire/test_distributor_clients.py", "test_a_program_buys_and_believes_only_what_is_signed")],
    4: [(HERE, "test_no_product_has_the_status_on_which_a_known_client_fails")],
    5: [(SAT, "test_products_carry_both_pairs_of_names")],
    6: [
        ("mocks/tokopedia/test_tokopedia_wire.py", "test_a_partner_gets_a_token_by_basic_form_or_query"),
    ],
    7: [
        ("wire/test_tls_front.py", "test_a_distributors_token_is_had_through_tls"),
        (HERE, "test_the_variable_for_a_token_without_tls_is_named"),
    ],
    8: [
        (TROUBLE, "test_an_answer_that_hangs_comes_at_last_and_stops_nobody_else"),
        (TROUBLE, "test_no_answer_hangs_longer_than_five_minutes"),
    ],
    9: [(SAT, "test_what_a_client_sends_beside_is_ignored")],
    10: [(SAT, "test_a_token_is_had_at_the_root_too")],
    11: [(EVERY, "test_a_base_address_may_end_in_a_slash_or_hold_two")],
    12: [
        (EVERY, "test_a_real_host_reaches_its_marketplace"),
        (SAT, "test_it_answers_under_its_hosts_and_paths"),
    ],
    13: [(TROUBLE, "test_a_seller_who_waits_as_the_four_headers_say_is_let_in")],
    14: [(CLIENTS, "test_the_token_parameters_are_taken_from_query_form_json_and_basic")],
    15: [(CLIENTS, "test_a_tokens_life_can_be_counted_from_when_it_was_made")],
    16: [(CLIENTS, "test_the_old_access_token_that_comes_with_a_refresh_does_not_matter")],
    17: [(CLIENTS, "test_a_guests_token_asked_for_in_between_ends_no_login")],
    18: [
        (CLIENTS, "test_v2_signs_in_by_password_and_then_by_token"),
        (CLIENTS, "test_v2_refuses_with_http_200_in_its_own_words"),
    ],
    19: [("mocks/kemnaker/test_kemnaker_sso.py", "test_a_program_logs_somebody_in_and_reads_who_he_is")],
    20: [("mocks/kariermu/test_kariermu_refusals.py", "test_the_token_is_taken_bare_and_with_bearer")],
    21: [
        (VECTORS, "test_white_space_may_differ_from_what_was_signed"),
        (VECTORS, "test_escaped_slashes_of_php_are_kept_as_they_are_signed"),
        (VECTORS, "test_a_doubled_slash_in_the_path_is_normalised"),
        (VECTORS, "test_header_names_arrive_in_any_spelling_through_a_bare_socket"),
        (PRESENCE, "test_the_sequence_may_be_missing_and_keys_come_in_any_order"),
    ],
}  # fmt: skip
AS_MANY = 21
"""Rows of the reference's list."""


def defined_in(path):
    tree = ast.parse((HOME / path).read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_trap_has_its_tests():
    assert list(TRAPS) == list(range(1, AS_MANY + 1))
    assert all(TRAPS.values())
    named = [(row, path, name) for row, found in TRAPS.items() for path, name in found]
    assert [one for one in named if one[2] not in defined_in(one[1])] == []


def test_no_product_has_the_status_on_which_a_known_client_fails():
    """Row 4: the documentation has a status 3, which one client does not know."""
    market = Market()
    market.list_course("kue-101", 100_000, kind=2, quota=0, starts=market.sandbox.now())
    products = Distributor(market).get("/v2/product-list")
    assert {product["attributes"]["status"] for product in products} == {1, 2}


def test_the_variable_for_a_token_without_tls_is_named():
    """Row 7: where no TLS is wanted, the documents must say how that client is talked into it."""
    notes = Path(tokopedia_b2b.__file__).parent / "NOTES.md"
    assert "OAUTHLIB_INSECURE_TRANSPORT=1" in notes.read_text()

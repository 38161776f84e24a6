"""Arguments that are one of some words: a misspelt one is refused before anything is played."""

from functools import partial

import pytest

from prakerja_sim.mocks.shop import registry
from prakerja_sim.scenarios.engine.errors import BadScenarios
from prakerja_sim.scenarios.engine.stage import Stage
from prakerja_sim.scenarios.engine.vocabulary import _text, vocabulary
from prakerja_sim.scenarios.engine.yaml_story import stories

WORDS = vocabulary(Stage, registry.codes())
FREE = {
    # what a story makes up itself: names of people, courses and codes, and texts
    "person", "of", "again", "login", "course", "finds", "title", "category", "institution", "promo",
    "voucher", "name", "email", "subject", "says", "text", "words", "review", "password", "notes", "file",
    "url", "code", "phone", "next_step", "where",
    # of a request by hand
    "path", "latin", "signed_by",
}  # fmt: skip
"""`where` depends on the fault and is judged with it; a redeem `code` may be any, to be refused."""


def argument(verb, name, value):
    """A step with what the verb needs besides."""
    needed = {"course": "barista-dasar", "fault": "sms_lost", "where": "history", "topic": "otp", "number": 1}
    needed |= {
        "password": "x",
        "outcome": "success",
        "event": "order.paid",
        "phone": "084000000001",
        "out": ["lembaga"],
    }
    known = WORDS.verbs[verb]
    return {one: needed[one] for one in known.needed} | {name: value}


@pytest.mark.parametrize(
    ("verb", "name", "value", "told"),
    [
        ("enter_otp", "otp", "wrogn", "unknown word 'wrogn'; write right, old, wrong or the digits to enter"),
        ("sign_up", "code", "rihgt", "write right, old, wrong or the digits"),
        ("recover_account", "code", "olds", "write right, old, wrong or the digits"),
        ("link_account", "otp", "", "write right, old, wrong or the digits"),
        ("change_phone", "otp", "12 34", "write right, old, wrong or the digits"),
        ("enter_card", "card", "rihgt", "write right or the digits to enter"),
        ("check_card", "card", "mine", "write right or the digits to enter"),
        ("open_wallet", "name", "rigth", "did you mean 'right'?"),
        ("log_in", "client", "rigt", "did you mean 'right'?"),
        ("log_in", "scope", "name emial", "write name, email, prakerjaid, notelp or some of them"),
        ("find_voucher", "where", "email", "did you mean 'mail'?"),
        ("set_password", "link", "newst", "did you mean 'newest'?"),
        ("earn", "rated", "dashbord", "did you mean 'dashboard'?"),
        ("list_course", "kind", "webniar", "did you mean 'webinar'?"),
        ("enrol", "wave", 99, "unknown word '99'; did you mean '9'?; a wave of your own needs --waves FILE"),
        ("arm", "fault", "reply_los", "did you mean 'reply_lost'?"),
        ("switch_partner", "outcome", "succes", "did you mean 'success'?"),
        ("switch_partner", "partner", "ovoo", "did you mean 'ovo'?"),
        ("link_account", "partner", "gopai", "did you mean 'gopay'?"),
        ("open_wallet", "partner", "bri", "did you mean 'bni'?"),
        ("open_wallet", "currency", "idr", "write IDR or another one, such as USD"),
        ("register_webhooks", "events", ["order.payd"], "did you mean 'order.paid'?"),
        ("repeat_webhook", "event", "order.refund", "did you mean 'order.refunded'?"),
        ("drop_webhook", "event", "order_paid", "did you mean 'order.paid'?"),
        ("complain", "topic", "vouchers", "did you mean 'voucher'?"),
        ("complain_to_prakerja", "topic", "incentives", "did you mean 'incentive'?"),
        ("show_face", "outcome", "nomatch", "did you mean 'no_match'?"),
        ("attend", "outcome", "abandon", "did you mean 'abandoned'?"),
        ("submit_task", "scope", "tmp", "did you mean 'tpm'?"),
        ("give_feedback", "scope", "ukk", "did you mean 'uk'?"),
        ("find_certificates", "out", ["kemnakr"], "did you mean 'kemnaker'?"),
        ("expect", "membership", "activ", "did you mean 'active'?"),
        ("expect", "order", "isued", "did you mean 'issued'?"),
        ("expect", "training", "Selesi", "did you mean 'Selesai'?"),
        ("expect", "task", "assignment 4, feedback 0", "did you mean 'assignment 3, feedback 0'?"),
        ("expect", "ticket", "resolvd", "did you mean 'resolved'?"),
        ("expect", "complaint", "Diprose", "did you mean 'Diproses'?"),
        ("expect", "received", ["order.payed"], "did you mean 'order.paid'?"),
        ("expect", "outbox", ["order.paid delivred"], "did you mean 'order.paid delivered'?"),
        ("expect", "incentives", ["job-1 Berhasl"], "did you mean 'job-1 Berhasil'?"),
        ("expect", "notice", "job-1 Dana ciar", "did you mean 'job-1 Dana cair'?"),
    ],
)
def test_what_is_no_word_of_an_argument_is_refused_with_the_nearest(verb, name, value, told):
    _, (wrong,) = WORDS.verbs[verb].read(argument(verb, name, value))
    assert wrong.startswith(f"{verb}: {name}: unknown word ")
    assert told in wrong


@pytest.mark.parametrize(
    ("verb", "name", "value"),
    [
        ("enter_otp", "otp", "12"),
        ("enter_card", "card", "9900 0000 AB"),
        ("open_wallet", "name", "Orang Lain"),
        ("log_in", "client", ""),
        ("log_in", "scope", "email notelp"),
        ("enrol", "wave", 4),
        ("open_wallet", "currency", "USD"),
        ("expect", "notice", "none"),
        ("expect", "training", "Belum membeli pelatihan"),
    ],
)
def test_what_may_be_said_in_place_of_a_word_is_taken(verb, name, value):
    taken, wrong = WORDS.verbs[verb].read(argument(verb, name, value))
    assert (taken[name], wrong) == (value, [])


def test_every_text_that_a_verb_or_a_claim_takes_has_words_or_is_the_storys_own():
    def plain(reader):
        while isinstance(reader, partial) and len(reader.args) == 1:
            (reader,) = reader.args
        return reader is _text

    takes = {
        (verb.name, name) for verb in WORDS.verbs.values() for name, r in verb.arguments.items() if plain(r)
    }
    undecided = sorted(f"{verb}.{name}" for verb, name in takes if name not in FREE)
    assert not undecided, f"give these a type of words.py, or name them as free: {undecided}"
    assert {name for _, name in takes} == FREE, "a free name that no verb has any more"


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ("expect: {}", "expect: claims nothing, so it could not fail; write {balance: 350_000} or the like"),
        ("expect: {person: budi, balance: null}", "expect: claims nothing"),
        ("advance: {}", "advance: needs either `by` or `to`"),
        ("advance: {by: 5m, to: 2021-09-22}", "advance: needs either `by` or `to`"),
        ("list_course: {kind: webinar}", "list_course: a webinar needs `starts`"),
    ],
)
def test_arguments_that_say_nothing_together_are_refused(tmp_path, step, told):
    file = tmp_path / "story.yaml"
    file.write_text(f"# Why.\nscenario: A\nsteps:\n  - {step}\n")
    with pytest.raises(BadScenarios) as caught:
        stories(file, WORDS)
    (problem,) = caught.value.problems
    assert problem.line == 4
    assert told in problem.message

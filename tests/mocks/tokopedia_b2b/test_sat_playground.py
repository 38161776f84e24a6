"""The public sandbox's goods and numbers, in the very shapes that public clients compare theirs with."""

import orjson
import pytest

from prakerja_sim.simulator.values.settings import Settings
from tests.mocks.tokopedia_b2b.distributors import Distributor, refused

S00 = (500, "S00", "Internal Server Error")
P04 = (400, "P04", "Product not found")
TYPED = [{"name": "optional", "value": "optional"}]
DEPOSIT = 5_000_000
CLASS = "prakerja-barista-101"


@pytest.fixture
def toko(market):
    return Distributor(market, DEPOSIT)


def rows(told):
    return {row["name"]: row["value"] for row in told}


def send_order(toko, attributes, request="R-1"):
    """An order with just these attributes."""
    raw = orjson.dumps({"data": {"type": "order", "id": request, "attributes": attributes}})
    return send_raw(toko, raw)


def send_raw(toko, raw):
    return toko.send("POST", "/v2/order", raw, Signature=toko.sign(raw))


def test_the_account_has_a_number_that_a_client_reads_as_an_integer(market, toko):
    account = toko.get("/v2/account")
    assert int(account["id"]) > 0
    assert account == {"type": "account", "id": str(int(account["id"])), "attributes": {"saldo": DEPOSIT}}
    assert market.admin("GET", "/distributor")["account"] == account["id"]


def test_the_list_has_the_sandboxs_goods_all_of_them_active(toko):
    listed = {row["id"]: row["attributes"] for row in toko.get("/v2/product-list")}
    prices = {code: (one["name"], one["price"], one["is_inquiry"]) for code, one in listed.items()}
    assert prices == {
        "25k-xl": ("XL 25,000", 24_913, False),
        "25k-three": ("Three 25,000", 25_100, False),
        "pln-prepaid-token-50k": ("Token Listrik PLN 50,000", 52_500, False),
        "pln-prepaid-token-50k-sat": ("Token Listrik PLN 50,000 SAT", 52_500, False),
        "pln-prepaid-token-100k": ("Token Listrik PLN 100,000", 102_500, False),
        "pln-postpaid": ("PLN Pascabayar", 0, True),
        "speedy-indihome": ("IndiHome", 0, True),
        CLASS: ("Barista", 650_000, False),
    }
    assert {one["status"] for one in listed.values()} == {1}


@pytest.mark.parametrize(
    ("asked", "listed"),
    [("25k-xl", ["25k-xl"]), ("25k-xl,tidak-ada", ["25k-xl"]), ("tidak-ada", P04), ("tidak-ada,x", P04)],
)
def test_a_code_that_nobody_knows_is_refused(toko, asked, listed):
    answer = toko.send("GET", f"/v2/product-list?product_code={asked}")
    told = refused(answer) if answer.status != 200 else [row["id"] for row in answer.json()["data"]]
    assert told == listed


@pytest.mark.parametrize("number", ["2121212", "111111111111"])
def test_an_electricity_bill_is_shown_with_its_fee_and_details(toko, number):
    told = toko.inquire("pln-postpaid", number, fields=TYPED).json()["data"]
    details = told["attributes"].pop("inquiry_result")
    assert told == {
        "type": "inquiry",
        "id": number,
        "attributes": {
            "admin_fee": 2500,
            "base_price": 25000,
            "client_name": "TOKOPXXXX UXX",
            "client_number": number,
            "fields": TYPED,
            "meter_id": number,
            "product_code": "pln-postpaid",
            "sales_price": 27500,
        },
    }
    assert list(rows(details).items()) == [
        ("ID Pelanggan", number),
        ("Nama", "TOKOPXXXX UXX"),
        ("Total Bayar", "Rp 27.500"),
        ("IDPEL", number),
        ("NAMA", "Tokopedia User Default"),
        ("TOTAL TAGIHAN", "1 BULAN"),
        ("BL/TH", "AGU21"),
        ("RP TAG PLN", "Rp 25.000"),
        ("ADMIN BANK", "Rp 2.500"),
        ("TOTAL BAYAR", "Rp 27.500"),
    ]


def test_one_number_breaks_the_inquiry_and_another_of_the_same_good_does_not(market, toko):
    assert refused(toko.inquire("speedy-indihome", "102111496000")) == S00
    assert toko.inquire("speedy-indihome", "102111496001").json()["data"]["id"] == "102111496001"
    assert toko.inquire("pln-postpaid", "102111496000").status == 200
    assert market.parties.bugs == []


def test_an_order_that_fails_is_pending_first_and_never_fulfilled(toko):
    wanted = {"amount": 12500, "client_number": "2121212", "fields": TYPED, "product_code": "pln-postpaid"}
    pending = {
        "client_number": "2121212",
        "error_code": "",
        "error_detail": "",
        "fields": TYPED,
        "fulfilled_at": None,
        "partner_fee": 1000,
        "product_code": "pln-postpaid",
        "sales_price": 12500,
        "serial_number": "",
        "status": "Pending",
    }
    answer = send_order(toko, wanted, "PYSAT1")
    assert answer.json() == {"data": {"type": "order", "id": "PYSAT1", "attributes": pending}}
    failed = {"status": "Failed", "error_code": "S02", "error_detail": "Product is not available"}
    assert toko.status("PYSAT1") == pending | failed
    assert toko.saldo() == DEPOSIT


def test_a_bill_that_is_paid_tells_who_paid_what(market, toko):
    wanted = {"product_code": "speedy-indihome", "client_number": "611981111", "amount": 3500}
    pending = send_order(toko, wanted).json()["data"]["attributes"]
    assert (pending["fields"], pending["partner_fee"], pending["sales_price"]) == (None, 2000, 3500)
    assert (pending["status"], pending["fulfilled_at"]) == ("Pending", None)
    paid = toko.status("R-1")
    serial = paid["serial_number"]
    assert serial.isdecimal()
    assert paid == pending | {
        "admin_fee": 2500,
        "client_name": "Tokopedia User Default",
        "fulfilled_at": market.sandbox.now().isoformat(),
        "fulfillment_result": paid["fulfillment_result"],
        "serial_number": serial,
        "status": "Success",
        "voucher_code": "",
    }
    assert list(rows(paid["fulfillment_result"]).items()) == [
        ("Nomor Referensi", serial),
        ("Nama Pelanggan", "Tokopedia User Default"),
        ("Nomor Pelanggan", "611981111"),
        ("Jumlah Tagihan", "1"),
        ("Periode Bayar", "Agustus 2021"),
        ("Total Tagihan", "Rp 1.000"),
        ("Biaya Admin", "Rp 2.500"),
        ("Total Bayar", "Rp 3.500"),
    ]
    assert toko.saldo() == DEPOSIT - 3500


def test_a_token_gives_its_digits_and_a_top_up_a_reference(toko):
    assert toko.order("R-1", "pln-prepaid-token-100k", "102111106111").status == 200
    token = toko.status("R-1")
    groups = token["voucher_code"].split(" ")
    assert [len(group) for group in groups] == [4] * 5
    assert all(group.isdecimal() for group in groups)
    assert (token["sales_price"], token["fulfillment_result"], token["admin_fee"]) == (102_500, [], 0)
    assert toko.order("R-2", "25k-xl").status == 200
    topped = toko.status("R-2")
    assert (topped["sales_price"], topped["voucher_code"]) == (24_913, "")
    assert rows(topped["fulfillment_result"]) == {"Nomor Referensi": topped["serial_number"]}
    assert toko.saldo() == DEPOSIT - 102_500 - 24_913


AMOUNTS = {"absent": b"", "null": b',"amount":null', "0": b',"amount":0', "0.0": b',"amount":0.0',
           "-0.0": b',"amount":-0.0', "price.0": b',"amount":%d.0', "price": b',"amount":%d'}  # fmt: skip


@pytest.mark.parametrize("written", AMOUNTS)
@pytest.mark.parametrize(("good", "price"), [(CLASS, 650_000), ("25k-xl", 24_913), ("pln-postpaid", 27_500)])
def test_an_amount_of_nothing_is_not_compared_and_a_zero_fraction_is_none(toko, good, price, written):
    amount = AMOUNTS[written]
    amount = amount % price if b"%" in amount else amount
    start = b'{"data":{"type":"order","id":"R-1","attributes":{"product_code":"%s","client_number":"08"'
    assert send_raw(toko, start % good.encode() + amount + b"}}}").status == 200
    assert toko.saldo() == DEPOSIT - price


@pytest.mark.parametrize(("good", "amount", "status"), [
    ("25k-xl", 24_912, 400), ("25k-xl", 24_914, 400), (CLASS, 1, 400), ("pln-prepaid-token-50k", 1, 400),
    ("pln-postpaid", 1, 200), ("pln-postpaid", 27_501, 200), ("pln-postpaid", DEPOSIT, 200),
    ("pln-postpaid", DEPOSIT + 1, 400),
])  # fmt: skip
def test_only_a_bill_may_be_paid_with_another_amount(toko, good, amount, status):
    assert toko.order("R-1", good, "5", amount=amount).status == status
    assert toko.saldo() == DEPOSIT - (amount if status == 200 else 0)


def test_a_bill_smaller_than_its_fee_shows_nothing_below_zero(toko):
    toko.order("R-1", "pln-postpaid", "5", amount=1)
    assert rows(toko.status("R-1")["fulfillment_result"])["Total Tagihan"] == "Rp 0"


def test_without_magic_no_number_has_a_meaning(begin):
    toko = Distributor(begin(Settings(magic=False)))
    assert toko.inquire("speedy-indihome", "102111496000").status == 200
    toko.order("R-1", "pln-postpaid", "2121212")
    assert toko.status("R-1")["status"] == "Success"

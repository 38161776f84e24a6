"""A refund policy and a support of one's own, as settings of a sandbox."""

from datetime import timedelta

import pytest

from prakerja_sim.mocks.docs.settings import _said
from prakerja_sim.mocks.shop import registry
from prakerja_sim.mocks.shop.buyer import Refused
from prakerja_sim.mocks.shop.policies import refunds_of, settings_with, support_of
from prakerja_sim.scenarios.engine.header import settings_from
from prakerja_sim.simulator.marketplace.records import Refund, RefundStatus
from prakerja_sim.simulator.marketplace.refunds import Asker
from prakerja_sim.simulator.programme.complaints import NOT_GRANTED
from prakerja_sim.simulator.values.clock import SECOND
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.settings import Settings, from_json
from prakerja_sim.simulator.world.store import Unit
from tests.mocks.market import COURSE, Market

CODES = registry.codes()
SPAN = "is not a stretch of time; write 90s, 5m, 2h or 30d"
BAD = [
    ({"refunds": []}, r"setting refunds must map marketplaces to policies, not \[\]"),
    ({"refunds": {"pijarr": {}}}, "setting refunds: there is no 'pijarr'; there are .*pijar"),
    ({"refunds": {"prakerja": {}}}, "setting refunds: there is no 'prakerja'"),
    ({"commission": {"tokopedi": 5}}, "setting commission: there is no 'tokopedi'; there are .*tokopedia"),
    ({"support": {"mandiri": {}}}, "setting support: there is no 'mandiri'; there are .*prakerja"),
    (
        {"refunds": {"pijar": "7d"}},
        "setting refunds.pijar must map askers, within, outcome to values, not '7d'",
    ),
    (
        {"refunds": {"pijar": {"wihtin": "7d"}}},
        "refunds.pijar.wihtin: there is no such part; there are askers, ",
    ),
    ({"refunds": {"pijar": {"within": "7 hari"}}}, f"setting refunds.pijar.within: '7 hari' {SPAN}"),
    ({"refunds": {"pijar": {"within": 7}}}, f"setting refunds.pijar.within: 7 {SPAN}"),
    (
        {"refunds": {"pijar": {"askers": ["pembeli"]}}},
        "refunds.pijar.askers: 'pembeli' cannot ask; write a list",
    ),
    ({"refunds": {"pijar": {"askers": "buyer"}}}, "refunds.pijar.askers: 'buyer' cannot ask; write a list"),
    ({"refunds": {"pijar": {"askers": [[]]}}}, r"refunds.pijar.askers: \[\] cannot ask"),
    (
        {"refunds": {"pijar": {"outcome": "half"}}},
        "refunds.pijar.outcome: 'half' is no outcome; write full or refused",
    ),
    ({"refunds": {"pijar": {"outcome": []}}}, r"refunds.pijar.outcome: \[\] is no outcome"),
    ({"support": {"pijar": {"answer": None}}}, f"setting support.pijar.answer: None {SPAN}"),
    (
        {"support": {"pijar": {"answer": "99999d"}}},
        "setting support.pijar.answer: '99999d' is longer than fifty",
    ),
    (
        {"support": {"pijar": {"within": "1d"}}},
        "support.pijar.within: there is no such part; there are take_up, ",
    ),
]


@pytest.mark.parametrize(("values", "says"), BAD, ids=[str(values) for values, _ in BAD])
def test_a_bad_policy_is_refused_with_its_place_and_what_to_write(values, says):
    with pytest.raises(ValueError, match=says):
        settings_with(values)
    with pytest.raises(ValueError, match=r"setting (refunds|support|commission)"):
        settings_from(values)  # in the head of a story


@pytest.mark.parametrize("code", CODES)
def test_what_is_left_out_stays_as_the_marketplace_has_it(code):
    site = registry.site(code)
    assert (refunds_of(site, Settings()), support_of(site, Settings())) == (site.refunds, site.support)
    others = settings_with({"refunds": {other: {"askers": []} for other in CODES if other != code}})
    assert refunds_of(site, others) == site.refunds
    own = settings_with({"refunds": {code: {"within": "2d"}}, "support": {code: {"answer": "9d"}}})
    assert refunds_of(site, own).within == timedelta(days=2)
    assert refunds_of(site, own).askers == site.refunds.askers
    support = support_of(site, own)
    assert (support.answer, support.take_up) == (timedelta(days=9), site.support.take_up)


def test_a_policy_outlives_a_restart():
    settings = settings_with({"refunds": {"pijar": {"within": None, "askers": ["organiser"]}}})
    again = from_json(settings.to_json())
    assert again == settings
    assert refunds_of(registry.site("pijar"), again).within is None
    assert refunds_of(registry.site("pijar"), again).askers == {Asker.ORGANISER}


def test_every_setting_says_what_it_is():
    assert set(_said()) == set(Settings.__dataclass_fields__)


class Sold(Market):
    """A market with settings in which somebody bought."""

    def __init__(self, code, **settings):
        super().__init__(code, settings_with(settings))
        self.ani = self.enrol()
        self.buyer = self.shopper(self.ani)
        self.bill = self.bought(self.buyer, self.ani)

    def ask(self):
        return self.buyer.complain(self.bill.order, "Salah beli")

    def admin(self, method, path, body=None):
        wire = self.parties.transport("__admin", self.sandbox)
        return wire.send(method, path, {}, body or b"").json()

    def means(self, refusal):
        return [reason for reason, said in registry.rejections(self.code) if said == refusal.value.code]

    @property
    def refund(self):
        return self.sandbox.ask(Unit.get, kind=Refund, key=self.bill.order)


@pytest.mark.parametrize("code", CODES)
def test_nobody_may_ask_where_the_policy_says_so(code):
    sold = Sold(code, refunds={code: {"askers": []}})
    with pytest.raises(Refused) as refusal:
        sold.ask()
    assert Reason.REFUND_NOT_OFFERED in sold.means(refusal)
    assert "[" not in refusal.value.message  # words of the site's own
    assert sold.admin("POST", f"/courses/{COURSE}/cancel")["orders"] == {
        sold.bill.order: "refund_not_offered"
    }
    assert sold.is_sound()


@pytest.mark.parametrize("code", CODES)
def test_a_buyer_may_ask_until_the_last_second_that_the_policy_gives(code):
    window = {code: {"askers": ["buyer"], "within": "90s"}}
    in_time, late = Sold(code, refunds=window), Sold(code, refunds=window)
    in_time.after(90 * SECOND)
    late.after(91 * SECOND)
    in_time.ask()
    assert in_time.buyer.order(in_time.bill.order).status == "refunded"
    with pytest.raises(Refused) as refusal:
        late.ask()
    assert Reason.REFUND_TOO_LATE in late.means(refusal)
    assert "[" not in refusal.value.message
    assert "7 hari" not in refusal.value.message


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("hours", [0, 5])
def test_a_support_that_refuses_takes_its_time_and_leaves_the_purchase(code, hours):
    policy = {code: {"askers": ["buyer", "organiser"], "outcome": "refused"}}
    sold = Sold(code, refunds=policy, support={code: {"refund": f"{hours}h"}})
    sold.ask()
    if hours:
        assert sold.refund.status is RefundStatus.REQUESTED
        sold.after((hours * 3600 - 1) * SECOND)
        [ticket] = sold.buyer.tickets(sold.bill.order)
        assert ticket.status in ("open", "in_progress")
        sold.after(SECOND)
    [ticket] = sold.buyer.tickets(sold.bill.order)
    assert (ticket.status, ticket.answer) == ("refused", NOT_GRANTED)
    assert (sold.refund.status, sold.refund.reason) == (RefundStatus.REFUSED, "refund_not_offered")
    assert NOT_GRANTED in sold.mails(sold.ani)[-1].text
    assert (sold.balance(sold.ani), sold.buyer.order(sold.bill.order).status) == (350_000, "issued")
    assert sold.admin("POST", f"/courses/{COURSE}/cancel")["orders"] == {
        sold.bill.order: "refund_not_offered"
    }
    assert sold.ask()  # and may be asked again
    assert sold.is_sound()


@pytest.mark.parametrize(
    ("policy", "says"),
    [
        ({}, "Pengembalian seluruh dana dapat diajukan selama kupon belum digunakan."),
        ({"within": "7d"}, "selama kupon belum digunakan dan paling lambat 7 hari setelah pembayaran."),
        ({"within": "36h"}, "selama kupon belum digunakan dan paling lambat 36 jam setelah pembayaran."),
        ({"within": "90s"}, "selama kupon belum digunakan dan paling lambat 90 detik setelah pembayaran."),
        ({"within": "0s"}, "selama kupon belum digunakan dan paling lambat 0 hari setelah pembayaran."),
        ({"outcome": "refused"}, "tidak dapat diganti atau dibatalkan oleh pembeli."),
        ({"askers": ["organiser"]}, "tidak dapat diganti atau dibatalkan oleh pembeli."),
    ],
)
def test_bukalapaks_terms_say_what_the_policy_does(policy, says):
    sold = Sold("bukalapak", refunds={"bukalapak": policy})
    shown = sold.send("GET", f"/api/prakerja/courses/{COURSE}", headers=sold.buyer.login).json()
    assert shown["data"]["tnc"][0].endswith(says)
    try:
        sold.ask()
        paid_back = sold.buyer.order(sold.bill.order).status == "refunded"
    except Refused:
        paid_back = False
    assert paid_back == ("Pengembalian seluruh dana" in shown["data"]["tnc"][0])

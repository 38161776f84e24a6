"""What is counted of each request of a load run, and under which name."""

from http.cookiejar import CookieJar
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest

from prakerja_sim.loadtests.connection import LocustConnection
from prakerja_sim.loadtests.plan import Plan
from prakerja_sim.loadtests.rows import row_of
from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.server.options import Options
from prakerja_sim.mocks.server.serve import build
from prakerja_sim.mocks.shop import registry
from tests.loadtests.lives import lived


@pytest.mark.parametrize(
    ("method", "path", "row"),
    [
        ("GET", "/__admin/inbox/sms?to=08401234&wait=5s", "/__admin/inbox/sms"),
        (
            "POST",
            "/institution/lp-kopi/vouchers/TKPD23456789AB/pre-test",
            "/institution/<institution>/vouchers/<voucher>/pre-test",
        ),
        ("GET", "/bukalapak/api/prakerja/courses/barista-dasar", "/bukalapak/api/prakerja/courses/<course>"),
        (
            "POST",
            "/tokopedia/gql/graphql/SearchProductQueryV4",
            "/tokopedia/gql/graphql/SearchProductQueryV4",
        ),
        (
            "POST",
            "/prakerja/dashboard/trainings/TRX-1/review",
            "/prakerja/dashboard/trainings/<transaction>/review",
        ),
        ("GET", "/tokopedia/no/such/PATH-12345678", "/tokopedia/no/such/PATH-12345678"),
        ("GET", "/elsewhere/123?x=1", "/elsewhere/123"),
    ],
)
def test_a_request_is_counted_under_the_path_of_its_operation(method, path, row):
    assert row_of(method, path) == row


@pytest.mark.parametrize("marketplace", registry.codes())
def test_two_people_who_do_the_same_are_counted_in_the_same_rows(marketplace):
    parties = build(Options(store="memory"))
    rows = []
    for _ in range(2):
        journey, wires = lived(
            parties, Plan(clock="stepped"), marketplace=marketplace, mistakes=["mail_lost_support", "refund"]
        )
        rows.append({(method, row_of(method, path)) for method, path in wires.sent})
        assert journey.state == "paid"
        told = " ".join(row for _, row in rows[-1])
        assert not any(one in told for one in (journey.voucher, journey.order, journey.course, journey.card))
    assert rows[0] == rows[1]


class Reply:
    """What Locust gives for a request that is judged by whoever made it."""

    def __init__(self, counted, status, name):
        self.counted, self.status_code, self.error = counted, status, "reset"
        self.headers, self.content, self.request_meta, self.said = {}, b"{}", {"name": name}, None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.counted.append((self.request_meta["name"], self.said))

    def success(self):
        self.said = ""

    def failure(self, problem):
        self.said = problem


class Client:
    """Stands where Locust's HTTP client stands, and answers these statuses one after the other."""

    def __init__(self, *statuses, url="http://there"):
        self.statuses, self.counted, self.asked = list(statuses), [], []
        self.base_url, self.client = url, SimpleNamespace(cookiejar=CookieJar())

    def request(self, _method, path, *, name, **_):
        self.asked.append(self.base_url + path)
        return Reply(self.counted, self.statuses.pop(0), name)


A, B = "/__admin/clock", "/__admin/people"


def get(connection, path):
    return connection.to("__admin").send("GET", path.removeprefix("/__admin"))


def test_whoever_goes_on_after_a_refusal_had_expected_it():
    client = Client(401, 200)
    connection = LocustConnection(client, "default")
    assert get(connection, A).status == 401
    assert client.counted == []
    get(connection, B)
    connection.judge()
    assert client.counted == [(A, ""), (B, "")]


def test_a_refusal_that_ends_a_life_is_a_failure_of_its_request():
    client = Client(200, 200)
    connection = LocustConnection(client, "default")
    get(connection, A)
    get(connection, B)  # one that says no inside a success
    connection.judge("PAY_USC_012: no money")
    connection.judge()
    assert client.counted == [(A, ""), (B, "PAY_USC_012: no money")]


def test_a_request_without_an_answer_from_which_one_recovers_is_a_row_of_its_own():
    client = Client(0, 200)
    connection = LocustConnection(client, "default")
    with pytest.raises(NoReply):
        get(connection, A)
    get(connection, A)
    connection.judge()
    assert client.counted == [(f"{A} (no answer)", ""), (A, "")]


def test_an_answer_is_lost_on_purpose_once():
    connection = LocustConnection(Client(200, 200), "default")
    connection.lose_answer()
    with pytest.raises(NoReply):
        get(connection, A)
    assert get(connection, A).status == 200


@pytest.mark.parametrize(("status", "busy"), [(200, False), (409, False), (429, True), (503, True)])
def test_it_is_known_whether_somebody_is_busy(status, busy):
    connection = LocustConnection(Client(status), "default")
    get(connection, A)
    assert connection.was_busy() is busy


@pytest.mark.parametrize("url", ["http://there", "http://there/", "http://there//"])
def test_a_host_may_end_with_a_slash(url):
    client = Client(200, url=url)
    get(LocustConnection(client, "mine"), A)
    assert client.asked == ["http://there/s/mine/__admin/clock"]
    assert urlsplit(client.asked[0]).path.count("//") == 0


def test_no_cookies_are_kept_from_one_life_to_the_next():
    client = Client()
    LocustConnection(client, "default")
    assert client.client.cookiejar is None
    assert client.client.redirect_response_codes == frozenset()

"""Addresses that are handed out over HTTP lead a browser to the simulator, whatever host the caller named."""

import re
from urllib.parse import urlencode, urlsplit

import orjson
import pytest
import requests

from prakerja_sim.mocks.http import addresses as handed_out
from prakerja_sim.mocks.http.transport import Http
from prakerja_sim.mocks.shop import registry
from tests.live import serving

ANY = re.compile(r"https?://[^\s\"'<>\\]+")
AT_PRAKERJA = {"Host": "api.prakerja.go.id"}


@pytest.fixture(scope="module")
def server():
    with serving("--store", "memory", "--tls", "--tls-port", "0", "--proxy-port", "0") as started:
        yield started


class Recorded(Http):
    """The wire, with all that came back; it may name another host than the one that it reaches."""

    def __init__(self, base_url, host=""):
        super().__init__(base_url)
        self.host = {"Host": host} if host else {}
        self.came = ""

    def send(self, method, path, headers=None, body=b""):
        answer = super().send(method, path, {**self.host, **dict(headers or {})}, body)
        self.came += answer.body.decode() + str(dict(answer.headers))
        return answer


def admin(server, method, path, **body):
    return server.send(method, f"/__admin{path}", body or None)[1]


def leads_here(server, address):
    """What a browser finds at an address; it goes nowhere else."""
    assert address.startswith(f"{server.url}/"), address
    return requests.get(address, timeout=30, allow_redirects=False)


def bought(server, code, host):
    """All that came back while somebody bought a class and looked at it, his order, and his mails."""
    [someone] = admin(server, "POST", "/people", count=1)["people"]
    phone = f"/inbox/sms?to={someone['phone']}"
    wire = Recorded(f"{server.url}/{code}", host)
    shopper = registry.shopper(code, wire)
    shopper.sign_up(someone["name"], someone["phone"], someone["email"])
    shopper.enter_phone_code(admin(server, "GET", phone)["otp"])
    course = shopper.look(shopper.search("Barista untuk Pemula")[0].course)
    shopper.add_to_cart(course.course)
    order = shopper.check_out()
    shopper.payment_methods(order)
    shopper.enter_card(order, someone["prakerja_id"])
    assert shopper.enter_otp(order, admin(server, "GET", phone)["otp"]) == "paid"
    shopper.history()
    wire.came += orjson.dumps(admin(server, "GET", f"/inbox/mail?to={someone['email']}")).decode()
    return shopper.order(order), wire.came


@pytest.mark.parametrize("code", registry.codes())
def test_a_shop_sends_its_buyers_nowhere_else(server, code):
    order, came = bought(server, code, "")
    for address in ANY.findall(came):
        assert address.startswith((server.url, "http://127.0.0.1")), address
    page = leads_here(server, order.redeem_url)
    assert (page.status_code, page.headers["Location"]) == (303, "/institution/lp-kopi/situs/masuk")


@pytest.mark.parametrize("code", registry.codes())
def test_nor_does_it_under_its_real_host_without_tls(server, code):
    host = next(host for host, party in hosts().items() if party == code)
    order, came = bought(server, code, host)
    assert [a for a in ANY.findall(came) if not a.startswith(server.url)] == []
    assert leads_here(server, order.redeem_url).status_code == 303


def hosts():
    from prakerja_sim.mocks.server.mounts import addresses, discovered  # noqa: PLC0415

    return addresses(discovered())[0]


def test_the_documented_hosts_stand_for_who_came_by_tls(server):
    [kemnaker] = [host for host in hosts() if host == "api.kemnaker.go.id"]
    with requests.Session() as session:
        session.trust_env = False
        session.proxies, session.verify = {"https": server.ready["proxy"]}, server.ready["ca"]
        listed = session.get(f"https://{kemnaker}/skillhub/catalogue/v1/trainings?page=1&limit=1", timeout=30)
        following = listed.json()["links"]["next"]
        assert urlsplit(following)[:2] == ("https", kemnaker)
        assert session.get(following, timeout=30).status_code == 200


def test_a_link_to_a_new_password_opens_its_page(server):
    site = f"{server.url}/institution/lp-kopi/accounts"
    ani = {"email": "ani@example.id", "name": "Ani", "password": "rahasia-lama"}
    assert requests.post(site, json=ani, timeout=30).status_code == 201
    requests.post(f"{site}/forgotten", json={"email": ani["email"]}, timeout=30)
    text = admin(server, "GET", "/inbox/mail?to=ani@example.id")["messages"][-1]["text"]
    [link] = ANY.findall(text)
    page = leads_here(server, link)
    assert page.status_code == 200
    assert urlsplit(link).query.removeprefix("kode=") in page.text


def test_who_refuses_at_the_consent_page_comes_to_the_institutions_login(server):
    path = requests.post(
        f"{server.url}/institution/lp-kopi/login", json={"scope": "name", "state": "s1"}, timeout=30
    ).json()["path"]
    fields = dict(pair.split("=") for pair in urlsplit(path).query.split("&"))
    form = {name: requests.utils.unquote(value) for name, value in fields.items()} | {"do": "deny"}
    pressed = requests.post(
        f"{server.url}/consent-sso",
        data=urlencode(form),
        headers=AT_PRAKERJA,
        timeout=30,
        allow_redirects=False,
    )
    assert leads_here(server, pressed.headers["Location"]).status_code == 200
    assert pressed.headers["Location"].startswith(f"{server.url}/institution/lp-kopi/situs/masuk?state=s1")
    for page in ("selesai", "kehadiran"):
        assert (
            leads_here(server, f"{server.url}/institution/lp-kopi/situs/{page}?state=s1").status_code == 200
        )


def test_a_redirect_holds_what_a_client_sent_in_its_path_as_it_was_sent():
    sent = "/dasbor/pelatihan/%C3%A4$%0D%0AX:%20y%7F?a=b%25"
    path = "/dasbor/pelatihan/" + b"\xc3\xa4$\r\nX: y\x7f".decode("latin-1") + "?a=b%25"
    assert handed_out.of_redirect({"sim.in_process": True}, path) == sent
    assert handed_out.of_redirect({"sim.in_process": True}, "/kelas/\u0394") == "/kelas/%CE%94"

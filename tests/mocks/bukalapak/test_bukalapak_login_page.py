"""A program that logs people in with their Bukalapak account: the page, the code, the token, who it is."""

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from prakerja_sim.simulator.values.clock import SECOND
from tests.mocks.bukalapak.conftest import APP, FORM, basic
from tests.mocks.market import INSTITUTION

BACK = "https://klien.example/balik?dari=bl"
PAGE = "/accounts/oauth/authorize"


@pytest.fixture
def client(market):
    """A program with a credential of the sandbox."""
    return market.sandboxes.credential_of(market.sandbox, INSTITUTION)


@pytest.fixture
def visitor(asker, client):
    return Visitor(asker, client)


class Visitor:
    """Somebody whose browser a program sends to the site."""

    def __init__(self, asker, client):
        self.asker, self.client, self.market = asker, client, asker.market

    def query(self, **changed):
        told = {"client_id": self.client.client_code, "redirect_uri": BACK, "response_type": "code",
                "scope": "public user store", "state": "s 1&2"}  # fmt: skip
        return urlencode({name: value for name, value in (told | changed).items() if value is not None})

    def opens(self, **changed):
        return self.market.wire.send("GET", f"{PAGE}?{self.query(**changed)}", {}, b"")

    def types(self, *, username=None, password=None, commit="allow", **changed):
        ani = self.asker.ani
        form = {"username": username or ani.phone, "password": password or self.asker.password(ani)}
        body = urlencode(form | {"commit": commit}).encode()
        return self.market.wire.send("POST", f"{PAGE}?{self.query(**changed)}", FORM, body)

    def code(self, **changed):
        return came_back(self.types(**changed))["code"]

    def exchange(self, code, **changed):
        told = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK,
                "client_id": self.client.client_code, "client_secret": self.client.sign_key}  # fmt: skip
        return self.asker.token(**(told | changed))


def came_back(answer):
    """What the program is told when the browser comes back."""
    assert answer.status == 302, answer.body
    at = urlsplit(answer.headers["Location"])
    assert f"{at.scheme}://{at.netloc}{at.path}" == BACK.partition("?")[0]
    told = {name: values[0] for name, values in parse_qs(at.query).items()}
    assert (told.pop("dari"), told.pop("state")) == ("bl", "s 1&2")
    return told


def test_a_program_logs_somebody_in_and_reads_who_he_is(visitor):
    page = visitor.opens()
    assert (page.status, page.headers["Content-Type"].partition(";")[0]) == (200, "text/html")
    assert b'name="username"' in page.body
    token = visitor.exchange(visitor.code()).json()
    assert set(token) == {"access_token", "refresh_token", "token_type", "expires_in", "scope", "created_at"}
    assert token["scope"] == "public store user"
    me = visitor.market.wire.send("GET", f"/api/me?access_token={token['access_token']}").json()["data"]
    assert (me["name"], me["email"]) == (visitor.asker.ani.name, visitor.asker.ani.email)
    assert me["avatar"]["url"].startswith("https://")
    again = visitor.asker.token(**APP, grant_type="refresh_token", refresh_token=token["refresh_token"])
    assert again.status == 200


SENT = ["query", "form", "multipart", "json", "basic"]


@pytest.mark.parametrize("how", SENT)
def test_the_code_may_come_in_any_of_the_clients_ways(visitor, how):
    """One known client sends it as multipart/form-data."""
    fields = {"grant_type": "authorization_code", "code": visitor.code(), "redirect_uri": BACK}
    secret = {"client_id": visitor.client.client_code, "client_secret": visitor.client.sign_key}
    told = fields if how == "basic" else fields | secret
    headers = {"Authorization": basic(*secret.values())} if how == "basic" else {}
    raw, query = b"", {}
    if how in ("form", "basic"):
        raw, headers = urlencode(told).encode(), headers | FORM
    elif how == "json":
        raw = str(told).replace("'", '"').encode()
    elif how == "multipart":
        headers = {"Content-Type": "multipart/form-data; boundary=-----x"}
        parts = (
            f'-------x\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in told.items()
        )
        raw = ("".join(parts) + "-------x--\r\n").encode()
    else:
        query = told
    assert visitor.asker.token(raw, headers, **query).status == 200


@pytest.mark.parametrize(("scope", "given"), [(None, "public user"), ("public", "public"), ("user", "user")])
def test_the_token_is_for_what_was_allowed(visitor, scope, given):
    token = visitor.exchange(visitor.code(scope=scope)).json()
    assert token["scope"] == given
    wider = visitor.exchange(visitor.code(scope=scope), scope="public user store")
    assert wider.json()["error"] == "invalid_scope"


@pytest.mark.parametrize(("seconds", "status"), [(0, 200), (600, 200), (601, 401)])
def test_a_code_lives_ten_minutes(visitor, seconds, status):
    code = visitor.code()
    visitor.market.after(seconds * SECOND)
    assert visitor.exchange(code).status == status


def test_a_code_is_exchanged_once_and_the_next_login_has_another(visitor):
    first = visitor.code()
    assert visitor.exchange(first).status == 200
    before = visitor.market.sandbox.digest()
    again = visitor.exchange(first)
    assert (again.status, again.json()["error"]) == (401, "invalid_grant")
    assert visitor.market.sandbox.digest() == before
    assert visitor.exchange(visitor.code()).status == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"redirect_uri": BACK + "/"},
        {"redirect_uri": ""},
        {"code": "1.1.x"},
        {"code": ""},
        {**APP},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_code_is_good_for_its_client_and_address_only(visitor, changed):
    answer = visitor.exchange(changed.pop("code", visitor.code()), **changed)
    assert (answer.status, answer.json()["error"]) == (401, "invalid_grant")


def test_more_than_was_allowed_cannot_be_written_into_a_code(visitor):
    code = visitor.code(scope="public")
    assert code.endswith(".p")
    assert visitor.exchange(f"{code}su").json()["error"] == "invalid_grant"


def test_who_says_no_or_types_a_wrong_password_gives_no_code(visitor):
    assert came_back(visitor.types(commit="deny"))["error"] == "access_denied"
    for wrong in ({"password": "salah"}, {"username": "nobody"}, {"username": "\u00e9"}):
        page = visitor.types(**wrong)
        assert page.status == 401
        assert "Username atau password tidak valid" in page.body.decode()


@pytest.mark.parametrize(("changed", "error"), [
    ({"client_id": "nobody"}, "invalid_client"), ({"client_id": None}, "invalid_client"),
    ({"response_type": "token"}, "invalid_request"), ({"response_type": None}, "invalid_request"),
    ({"scope": "admin"}, "invalid_scope"), ({"state": "x" * 1025}, "invalid_request"),
    ({"redirect_uri": None}, "invalid_request"), ({"redirect_uri": "javascript:alert(1)"}, "invalid_request"),
    ({"redirect_uri": "https://"}, "invalid_request"), ({"redirect_uri": "https://[x"}, "invalid_request"),
    ({"client_id": APP["client_id"]}, "invalid_request"),
    ({"client_id": APP["client_id"], "redirect_uri": "https://xbukalapak.com/"}, "invalid_request"),
])  # fmt: skip
def test_nobody_is_sent_where_the_program_does_not_belong(visitor, changed, error):
    for answer in (visitor.opens(**changed), visitor.types(**changed)):
        assert (answer.status, answer.json()["error"]) == (401, error)
        assert "Location" not in answer.headers


@pytest.mark.parametrize(
    "address", ["https://www.bukalapak.com/x", "http://127.0.0.1:9000/", "http://localhost/"]
)
def test_the_sites_own_app_comes_back_to_the_site_or_this_machine(visitor, address):
    answer = visitor.types(client_id=APP["client_id"], redirect_uri=address)
    assert answer.headers["Location"].startswith(f"{address}?code=")


def test_a_registered_address_is_the_only_one(asker):
    told = {"client_code": "klien-kami", "sign_key": "rahasia", "party": INSTITUTION, "redirect_uris": BACK}
    admin = asker.market.parties.transport("admin", asker.market.sandbox)
    body = str(told).replace("'", '"').encode()
    assert admin.send("POST", "/clients", {"Content-Type": "application/json"}, body).status < 300
    visitor = Visitor(asker, *asker.market.sandboxes.holders("klien-kami"))
    assert visitor.exchange(visitor.code()).status == 200
    assert visitor.opens(redirect_uri="https://lain.example/").json()["error"] == "invalid_request"


# A name of one's own


def opened(asker, **changed):
    guest = asker.token(**APP, grant_type="client_credentials").json()["access_token"]
    told = {"name": "Eka", "phone": "084099990001", "email": "eka@example.com", "password": "rahasia"}
    told |= {"username": "Garuda_1"} | changed
    return asker.market.send("POST", "/api/users", told, {"Authorization": f"Bearer {guest}"})


def test_somebody_chooses_a_name_and_logs_in_with_it(asker):
    assert opened(asker).json()["data"]["username"] == "Garuda_1"
    for name in ("Garuda_1", "garuda_1"):
        answer = asker.token(**APP, grant_type="password", username=name, password="rahasia", scope="user")
        assert answer.status == 200, name
    bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    assert asker.market.send("GET", "/api/me", headers=bearer).json()["data"]["username"] == "Garuda_1"
    old = asker.legacy("POST", "/authenticate.json", login=("garuda_1", "rahasia")).json()
    assert (
        asker.legacy("GET", "/users/info.json", login=(old["user_id"], old["token"])).json()["user"][
            "username"
        ]
        == "Garuda_1"
    )


def test_a_name_is_one_persons_whatever_its_capitals(asker):
    assert opened(asker).status == 201
    before = asker.market.sandbox.digest()
    other = {"phone": "084099990002", "email": "f@example.com"}
    assert opened(asker, **other, username="GARUDA_1").json()["errors"][0]["code"] == 42215
    assert asker.market.sandbox.digest() == before
    assert opened(asker, **other, username="garuda_2").status == 201


@pytest.mark.parametrize("name", ["ab", "12345678", "084012345678", "a b c", "a@b.c", "x" * 31, "é" * 5])
def test_a_name_looks_like_no_number_and_no_address(asker, name):
    assert opened(asker, username=name).status == 422

"""A whole world in this process, and partners who call Prakerja in it over the signed wire."""

import hashlib
import hmac

import orjson

from prakerja_sim.mocks.http.credentials import PARTNERS, Role
from prakerja_sim.mocks.http.transport import InProcess
from prakerja_sim.mocks.prakerja.server import FACE
from prakerja_sim.mocks.prakerja.words import REJECTIONS
from prakerja_sim.mocks.server.app import Parties
from prakerja_sim.mocks.server.sandboxes import Sandboxes
from prakerja_sim.simulator.ledger import ledger
from prakerja_sim.simulator.programme import catalogue, completion, enrolment, people, redemption
from prakerja_sim.simulator.programme.records import Schedule
from prakerja_sim.simulator.programme.training_records import Training
from prakerja_sim.simulator.stores.memory import Memory
from prakerja_sim.simulator.values.chance import seed_bytes
from prakerja_sim.simulator.values.clock import unix_seconds, wib
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world.records import Mail, Sms
from prakerja_sim.simulator.world.store import Unit
from tests.mocks.explained import unexplained

START = wib(2021, 11, 3, 9)
WALL = wib(2025, 6, 1, 12)
API = "/api/v1/integration"

BARISTA, CAKE, ADVERTS, WEBINAR, OFFLINE = "barista", "kue", "iklan", "webinar", "tatap-muka"
WEBINAR_STARTS = wib(2021, 11, 15, 10)
COURSES = {
    BARISTA: {"institution": "lp-kopi", "price": 600_000},
    CAKE: {"institution": "lp-kopi", "price": 250_000},
    ADVERTS: {"institution": "lp-niaga", "price": 1_000_000},
    WEBINAR: {
        "institution": "lp-kantor", "price": 200_000, "kind": 2, "quota": 10, "starts": WEBINAR_STARTS,
    },
    OFFLINE: {
        "institution": "lp-kantor", "price": 300_000, "kind": 3, "quota": 10, "starts": wib(2021, 11, 20, 8),
    },
}  # fmt: skip

GENERAL = {
    "ERR40004", "ERR40080", "ERR40081", "ERR40082", "ERR40180", "ERR40480", "ERR40580", "ERR41380",
    "ERR41580",
}  # fmt: skip
"""What any signed endpoint may answer, whatever it lists."""

LISTED = {e.path: {REJECTIONS[r][1] for r in e.refuses if r in REJECTIONS} for e in FACE.endpoints}


def sign(code, key, stamp, path, raw, slot="", method="POST"):
    """The documented signature, computed without any code of ours."""
    message = f"{code}{stamp}{method}{path}".encode() + slot.encode() + raw
    return hmac.new(key.encode(), message, hashlib.sha1).hexdigest()


class Partner:
    """Somebody with a credential; signs as the documentation says."""

    def __init__(self, world, party, prefix="/prakerja"):
        credential = world.sandboxes.credential_of(world.sandbox, party)
        self.world, self.party = world, party
        self.code, self.key = credential.client_code, credential.sign_key
        self.wire = InProcess(world.parties.application, prefix)

    def headers(self, path, raw, *, stamp=None, token="", **changed):
        stamp = unix_seconds(self.world.sandbox.now()) if stamp is None else stamp
        slot = f"Payment {token}" if token else ""
        told = {
            "Content-Type": "application/json",
            "client_code": self.code,
            "timestamp": str(stamp),
            "signature": sign(self.code, self.key, stamp, path, raw, slot),
        } | ({"Authorization": slot} if slot else {})
        return {name: value for name, value in (told | changed).items() if value is not None}

    def send(self, path, raw, **how):
        """One signed request; whatever is refused must be what its endpoint lists."""
        answer = self.wire.send("POST", path, self.headers(path, raw, **how), raw)
        if answer.status != 200:
            assert answer.json()["code"] in LISTED[path] | GENERAL, (path, answer.body)
        return answer

    def post(self, endpoint, /, token="", **body):
        return self.send(API + endpoint, orjson.dumps(body), token=token)

    def report(self, **body):
        return self.send("/simulated/completions", orjson.dumps(body))


class World:
    """A sandbox with courses on sale, people, and both kinds of partners."""

    def __init__(self, settings=None, *, store=None, start=START, courses=COURSES, **options):
        self.wall, self.name = WALL, "default"
        self.sandboxes = Sandboxes(store or Memory())
        self.sandboxes.lease("default", 42, start, settings or Settings())
        self.parties = Parties(self.sandboxes, wall=lambda: self.wall, **options)
        self.numbers = 0
        for code, told in courses.items():
            self.list_course(code, **told)
        self.dp, self.dp2 = Partner(self, "tokopedia"), Partner(self, "bukalapak")
        self.lp, self.lp2 = Partner(self, "lp-kopi"), Partner(self, "lp-niaga")

    def signer(self, path):
        """A partner of the role for which the endpoint is."""
        [role] = {e.callers for e in FACE.endpoints if e.path == path and e.callers in PARTNERS}
        return {Role.MARKETPLACE: self.dp, Role.INSTITUTION: self.lp}[role]

    # What is there

    @property
    def sandbox(self):
        """This world's, as it is after a reset too."""
        return self.sandboxes.get(self.name)

    def beside(self, name):
        """The world of another sandbox of the same server."""
        other = World.__new__(World)
        other.__dict__ |= self.__dict__ | {"name": name, "numbers": 0}
        other.dp, other.lp = Partner(other, "tokopedia", ""), Partner(other, "lp-kopi", "")
        return other

    def list_course(self, code, *, price=100_000, institution="lp-kopi", **more):
        told = {"title": f"Kelas {code}", "category": "kopi", "institution": institution} | more
        return self.sandbox.do(catalogue.list_course, code=code, price=Rupiah(price), **told)

    def enrol(self, *, wave=22, watched=True, **more):
        one = people.person(seed_bytes(42), self.numbers)
        self.numbers += 1
        told = {"name": one.name, "nik": one.nik, "phone": one.phone, "email": one.email, "born": one.born}
        participant = self.sandbox.do(enrolment.enrol, wave=wave, **(told | more))
        if watched:
            self.sandbox.do(enrolment.watch_videos, card=participant.card)
        return participant

    def schedule(self, course):
        return self.sandbox.ask(Unit.find, kind=Schedule, course=course, limit=1)[0].code

    def test_code(self, course=BARISTA):
        told = {"marketplace": "tokopedia", "schedule": self.schedule(course)}
        return self.sandbox.do(redemption.issue_test_code, **told).code

    # Looking

    def send(self, method, path, raw=b"", host="localhost", **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return InProcess(self.parties.application, host=host).send(method, path, named, raw)

    def digest(self):
        return self.sandbox.digest()

    def otp(self, participant):
        told = self.sandbox.ask(Unit.log, kind=Sms, phone=participant.phone)
        return [one.otp for one in told if one.otp][-1]

    def wrong_otp(self, participant):
        return f"{(int(self.otp(participant)) + 1) % 1_000_000:06}"

    def mails(self, address):
        return self.sandbox.ask(Unit.log, kind=Mail, address=address)

    def balance(self, participant):
        return self.sandbox.ask(ledger.balance, account=f"card:{participant.card}")

    def seats(self, course):
        return self.sandbox.ask(catalogue.free_seats, schedule=self.schedule(course))

    def redeem_code(self, participant):
        return self.sandbox.ask(Unit.find, kind=Training, card=participant.card)[-1].redeem_code

    def training(self, transaction):
        return self.sandbox.ask(Unit.need, kind=Training, key=transaction)

    def is_sound(self):
        """No invariant is broken, the server had no bug, and every refusal says what decided."""
        told = [*self.sandbox.check(), *self.parties.bugs, *unexplained(self.sandbox)]
        return told == []

    # Doing

    def until(self, instant):
        self.sandbox.advance(instant)

    def after(self, span):
        self.sandbox.advance(self.sandbox.now() + span)

    def send_otp(self, participant, course=BARISTA, *, user=None, by=None, **changed):
        body = {
            "prakerja_id": participant.card,
            "user_platform_id": user or f"user-{participant.card}",
            "course_code": course,
            "schedule_code": self.schedule(course),
            "amount": COURSES.get(course, {"price": 100_000})["price"],
        } | changed
        return (by or self.dp).post("/payment/send-otp", **body)

    def opened(self, participant, course=BARISTA, **how):
        return self.send_otp(participant, course, **how).json()["data"]["payment_token"]

    def authorize(self, token, otp, invoice="INV-1", *, by=None):
        body = {"otp": otp, "invoice_url": "https://dp.example/inv/1", "invoice_code": invoice}
        return (by or self.dp).post("/payment/authorize", token=token, **body)

    def bought(self, participant, course=BARISTA, invoice="INV-1", **how):
        token = self.opened(participant, course, **how)
        paid = self.authorize(token, self.otp(participant), invoice)
        assert paid.status == 200, paid.body
        return paid.json()["data"]

    def certified(self, participant, course=BARISTA, invoice="INV-1"):
        """Buy, finish, and see the certificate on the dashboard."""
        bought = self.bought(participant, course, invoice)
        report = {"marketplace": "tokopedia", "invoice": invoice, "name": participant.name, "score": 80}
        self.sandbox.do(completion.report, **report)
        while self.training(bought["transaction_code"]).certified_at is None:
            self.sandbox.step()
        return bought

    def rated(self, participant, course=BARISTA, invoice="INV-1"):
        """All that comes before the next purchase."""
        bought = self.certified(participant, course, invoice)
        told = {"card": participant.card, "transaction": bought["transaction_code"]}
        self.sandbox.do(completion.rate, stars=5, review="Bagus", **told)
        return bought


def told(answer):
    """Status, code and message of an answer in Prakerja's envelope."""
    body = answer.json()
    return answer.status, body["code"], body["message"]


def unnumbered(answer):
    """The headers of an answer without the request's number, which is always another."""
    return {name: value for name, value in answer.headers.items() if name != "X-Sim-Request-Id"}

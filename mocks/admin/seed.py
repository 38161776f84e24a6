"""What a default sandbox contains at its start: courses, people, accounts, test codes.

Everything is invented: the institutions do not exist, and nobody has these phones and e-mails.
"""

from datetime import datetime

from prakerja_sim.mocks.shop import registry
from prakerja_sim.simulator.marketplace import deposits
from prakerja_sim.simulator.payout import partners
from prakerja_sim.simulator.payout.records import Wallet
from prakerja_sim.simulator.programme import catalogue, enrolment, people, redemption
from prakerja_sim.simulator.programme.records import Course, CourseKind, Participant
from prakerja_sim.simulator.sandbox import Sandbox
from prakerja_sim.simulator.values.chance import seed_bytes
from prakerja_sim.simulator.values.clock import wib
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.world.store import Unit

START = wib(2021, 11, 1, 9)
WAVE = 22
PEOPLE = 5
DEPOSIT = Rupiah(10_000_000)
WEBINAR = wib(2021, 11, 15, 10)

SELF_PACED = CourseKind.SELF_PACED
FOOD, SALES, OFFICE = "Makanan & Minuman", "Penjualan & Pemasaran", "Administrasi"

COURSES: tuple[tuple[str, str, str, str, int, CourseKind, int, datetime | None], ...] = (
    ("barista-dasar", "Barista untuk Pemula", FOOD, "lp-kopi", 650_000, SELF_PACED, 0, None),
    ("kue-rumahan", "Usaha Kue Rumahan", FOOD, "lp-kopi", 250_000, SELF_PACED, 0, None),
    ("jualan-online", "Jualan Online dari Nol", SALES, "lp-niaga", 150_000, SELF_PACED, 0, None),
    ("iklan-digital", "Iklan Digital Lanjutan", SALES, "lp-niaga", 1_000_000, SELF_PACED, 0, None),
    ("spreadsheet", "Spreadsheet untuk Admin", OFFICE, "lp-kantor", 300_000, SELF_PACED, 0, None),
    ("tanya-karier", "Webinar Tanya Karier", OFFICE, "lp-kantor", 200_000, CourseKind.WEBINAR, 10, WEBINAR),
)  # fmt: skip
INSTITUTIONS = tuple(dict.fromkeys(institution for _, _, _, institution, *_ in COURSES))


def commission() -> dict[str, int]:
    """The setting of that name in a default sandbox."""
    shares = {code: registry.site(code).demo_commission for code in registry.codes()}
    return {code: percent for code, percent in shares.items() if percent}


def fill(sandbox: Sandbox) -> None:
    """List the courses, enrol the people, issue one test code for each course, pay in the demo deposit.

    If an earlier filling was interrupted, this one continues it; a complete sandbox does not change.
    """
    for code, title, category, institution, price, kind, quota, starts in COURSES:
        if sandbox.ask(Unit.get, kind=Course, key=code) is None:
            sandbox.do(
                catalogue.list_course,
                code=code,
                title=title,
                category=category,
                institution=institution,
                price=Rupiah(price),
                kind=int(kind),
                quota=quota or catalogue.UNLIMITED,
                starts=starts,
            )
        schedule = sandbox.ask(catalogue.schedule_of, course=code)
        assert schedule is not None
        if not sandbox.ask(redemption.test_codes, schedule=schedule.code):
            sandbox.do(redemption.issue_test_code, marketplace=registry.DEFAULT, schedule=schedule.code)
    for number in range(1, PEOPLE + 1):
        person = people.person(seed_bytes(sandbox.seed), number)
        participants = sandbox.ask(Unit.find, kind=Participant, nik=person.nik, limit=1)
        participant = participants[0] if participants else enrol(sandbox, person, WAVE)
        sandbox.do(enrolment.watch_videos, card=participant.card)
        open_wallet(sandbox, person)
    if not sandbox.ask(deposits.balance, distributor=deposits.DEMO):
        sandbox.do(deposits.pay_in, distributor=deposits.DEMO, amount=DEPOSIT)


def enrol(sandbox: Sandbox, person: people.Person, wave: int, *, late: bool = False) -> Participant:
    """Enrol a synthetic person in a wave; with `late`, also if its last day for a first purchase is over."""
    return sandbox.do(
        enrolment.enrol,
        wave=wave,
        name=person.name,
        nik=person.nik,
        phone=person.phone,
        email=person.email,
        born=person.born,
        education=person.education,
        **({"late": True} if late else {}),
    )


def open_wallet(sandbox: Sandbox, person: people.Person) -> None:
    """Open an upgraded account at a synthetic person's bank or e-wallet, if there is none yet."""
    partner = person.paid_by(sandbox.now().date())
    if sandbox.ask(Unit.get, kind=Wallet, key=f"{partner}/{person.account}") is None:
        sandbox.do(
            partners.open_wallet,
            partner=partner,
            number=person.account,
            phone=person.phone,
            nik=person.nik,
            name=person.name,
        )

"""The courses on sale: list them, put another one on sale."""

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import Field

from prakerja_sim.mocks.admin import seed
from prakerja_sim.mocks.admin.fields import Body, Code, Name, instant
from prakerja_sim.mocks.http.credentials import Role
from prakerja_sim.mocks.http.face import Call, Face, Malformed, Provenance, Reply
from prakerja_sim.mocks.shop import registry
from prakerja_sim.simulator.programme import catalogue, operator_actions
from prakerja_sim.simulator.programme.records import Course, CourseKind, Schedule
from prakerja_sim.simulator.sandbox import Sandbox
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit

CATEGORIES = (
    "Administrasi",
    "Bahasa Asing",
    "Desain & Multimedia",
    "Gaya Hidup",
    "Kesehatan & Kecantikan",
    "Keuangan",
    "Makanan & Minuman",
    "Manajemen",
    "Penjualan & Pemasaran",
    "Pertanian & Perikanan",
    "Teknik & Otomotif",
    "Teknologi Informasi",
)
"""What people can learn, by kind; the programme's own list is not public (simulated)."""


class NewCourse(Body):
    """A course to put on sale; its institution and its category must be known, unless it is `new`."""

    code: Code
    title: Code
    category: Code
    institution: Name
    price: Annotated[int, Field(ge=1, le=10_000_000)]
    kind: Annotated[int, Field(ge=1, le=3)] = 1
    quota: Annotated[int, Field(ge=0, le=10_000_000)] = catalogue.UNLIMITED
    starts: str | None = None
    min_age: int = 18
    min_education: int = 0
    new: bool = False
    """Whether institution and category may be such as nobody knows yet."""


class ChangeCourse(Body):
    """What is to change of a course on sale; an organiser cancels it by POST to `/courses/CODE/cancel`."""

    price: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    """From now on; orders that were placed before keep theirs."""
    quota: Annotated[int, Field(ge=0, le=10_000_000)] | None = None
    """All seats of its schedule, sold ones included."""
    withdraw: bool | None = None
    """Whether its institution takes the lessons away, or gives them back; nobody is paid back for that."""


def add_to(face: Face) -> None:
    """Register the endpoints."""
    face.endpoint("GET", "/courses", provenance=Provenance.SIMULATED)(list_courses)
    face.endpoint("POST", "/courses", provenance=Provenance.SIMULATED, body=NewCourse)(list_course)
    where = "/courses/<course>"
    face.endpoint("PATCH", where, provenance=Provenance.SIMULATED, body=ChangeCourse)(change_course)


@refuses(operator_actions.change_course)
def change_course(call: Call, body: ChangeCourse) -> Reply:
    """Change a course's price, its seats, or whether its lessons are there."""
    given = body.model_dump(exclude_none=True)
    if not given:
        raise Malformed("price, quota or withdraw is needed")
    changed: Course = call.do(
        operator_actions.change_course,
        course=call.path["course"],
        **({"price": Rupiah(body.price)} if body.price is not None else {}),
        **({"quota": body.quota} if body.quota is not None else {}),
        **({"withdrawn": body.withdraw} if body.withdraw is not None else {}),
    )
    run: Schedule = call.ask(catalogue.schedule_of, course=changed.code)
    return Reply({**shown(call.sandbox, changed, run), "seats": run.capacity, "withdrawn": changed.withdrawn})


def list_courses(call: Call) -> Reply:
    """The courses with their schedules and free seats."""
    rows = []
    for run in call.ask(Unit.find, kind=Schedule):
        course: Course = call.ask(Unit.need, kind=Course, key=run.course)
        rows.append(shown(call.sandbox, course, run))
    return Reply({"courses": rows})


@refuses(catalogue.list_course)
def list_course(call: Call, body: NewCourse) -> Reply:
    """Put a course on sale with one schedule."""
    credentials = call.parties.sandboxes.credentials(call.sandbox)
    schedule = put_on_sale(call.sandbox, body, [c.party for c in credentials if c.acts_as(Role.INSTITUTION)])
    course: Course = call.ask(Unit.need, kind=Course, key=body.code)
    return Reply(shown(call.sandbox, course, schedule), 201)


@refuses(catalogue.list_course)
def put_on_sale(sandbox: Sandbox, body: NewCourse, partners: Iterable[str]) -> Schedule:
    """Put a course on sale; its institution is one of these partners, or known otherwise.

    Raises Malformed for an institution or a category that nobody knows, unless it is `new`.
    """
    if body.kind == CourseKind.WEBINAR and body.starts is None:
        raise Malformed("starts: a webinar needs the time at which it starts")
    if not body.new:
        _check_known(sandbox, body, partners)
    return sandbox.do(
        catalogue.list_course,
        code=body.code,
        title=body.title,
        category=body.category,
        institution=body.institution,
        price=Rupiah(body.price),
        kind=body.kind,
        quota=body.quota,
        starts=instant(body.starts) if body.starts is not None else None,
        min_age=body.min_age,
        min_education=body.min_education,
    )


def _check_known(sandbox: Sandbox, body: NewCourse, partners: Iterable[str]) -> None:
    """Refuse an institution or a category that nobody knows: probably it is misspelt; raises Malformed."""
    courses: list[Course] = sandbox.ask(Unit.find, kind=Course)
    institutions = {*seed.INSTITUTIONS, *registry.codes(), *partners, *(one.institution for one in courses)}
    categories = {*CATEGORIES, *(one.category for one in courses)}
    wrong = [
        f"{name}: nobody knows it; there are {', '.join(sorted(known))}; `new: true` brings in another one"
        for name, known in (("institution", institutions), ("category", categories))
        if getattr(body, name) not in known
    ]
    if wrong:
        raise Malformed(*wrong)


def shown(sandbox: Sandbox, course: Course, schedule: Schedule) -> dict[str, Any]:
    """A course as the admin API shows it."""
    return {
        "course_code": course.code,
        "title": course.title,
        "category": course.category,
        "institution": course.institution,
        "price": course.price.amount,
        "schedule_code": schedule.code,
        "quota": sandbox.ask(catalogue.free_seats, schedule=schedule.code),
        "starts": schedule.starts.isoformat() if schedule.starts else None,
    }

"""Finding a class: the search box, the programme's landing page, institutions, a class, reviews.

Typing "kartu prakerja" redirects to the landing page.  An institution is an operator, a class a
product.  Classes come from the one catalogue that all marketplaces share.
"""

from typing import Annotated, Any
from urllib.parse import parse_qs

from pydantic import Field, StringConstraints

from prakerja_sim.mocks.http.face import Call, Provenance
from prakerja_sim.mocks.tokopedia.graphql import PRINTABLE, Id, Short, Variables, errors, operation
from prakerja_sim.mocks.tokopedia.words import MARKETPLACE, Said
from prakerja_sim.simulator.marketplace import reviews
from prakerja_sim.simulator.marketplace.records import Review
from prakerja_sim.simulator.programme import catalogue
from prakerja_sim.simulator.programme.records import Course, CourseKind, Schedule
from prakerja_sim.simulator.values.clock import unix_seconds
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.store import Unit

SEEN, INFERRED = Provenance.SEEN, Provenance.INFERRED
MENU = 210
"""The landing page's menu (simulated)."""
LANDING = f"https://www.tokopedia.com/kartu-prakerja/?menu_id={MENU}"
METHODS = {CourseKind.SELF_PACED: "SPL", CourseKind.WEBINAR: "Webinar", CourseKind.OFFLINE: "Offline"}

Page = Annotated[int, Field(ge=1, le=10_000)]
Limit = Annotated[int, Field(ge=1, le=100)]


class Search(Variables):
    """The search as one URL-encoded text: `q`, `page`, `rows`."""

    params: Annotated[str, StringConstraints(max_length=2048, pattern=PRINTABLE)]


class Menu(Variables):
    """The landing page."""

    menuID: int = MENU  # noqa: N815  # the wire's names, here and below
    platformID: int = 0  # noqa: N815


class Products(Menu):
    """An institution on the landing page."""

    operator: Id


class Product(Variables):
    """A class; a caller who does not show its reviews may save the work of counting them."""

    productID: Id  # noqa: N815
    includeReviews: bool = True  # noqa: N815


class Reviews(Variables):
    """A page of the reviews of a class."""

    productID: Id  # noqa: N815
    page: Page = 1
    limit: Limit = 20
    sortBy: Short = ""  # noqa: N815
    filterBy: Short = ""  # noqa: N815


def _search_refused(what: Said) -> dict[str, Any]:
    return _found([], what.text, 1)


@operation(
    "SearchProductQueryV4",
    "ace_search_product_v4",
    Search,
    provenance=SEEN,
    refusal=_search_refused,
)
def search_product(call: Call, asked: Search) -> dict[str, Any]:
    """Search; the programme's name redirects to its landing page and lists every class."""
    words = parse_qs(asked.params, max_num_fields=50).get("q", [""])[0].lower().split()
    if not words:
        return _found([], "Kata kunci wajib diisi.", 1)
    programme = "prakerja" in words
    wanted = set(words) - {"kartu", "prakerja"} if programme else set(words)
    courses = [course for course in call.ask(catalogue.search) if wanted <= _words_of(course)]
    return _found([_product(call, course) for course in courses], redirect=LANDING if programme else "")


@operation(
    "rechargeCatalogMenuDetail",
    "rechargeCatalogMenuDetail",
    Menu,
    provenance=SEEN,
    refusal=errors,
)
def menu_detail(_: Call, asked: Menu) -> dict[str, Any]:
    """The landing page: its name, promos and tickers."""
    known = asked.menuID == MENU
    name = "Kartu Prakerja" if known else ""
    return {"catalog": {"id": asked.menuID, "name": name, "label": name}, "promos": [], "tickers": []}


@operation(
    "rechargeCatalogOperatorSelectGroup",
    "rechargeCatalogOperatorSelectGroup",
    Menu,
    provenance=SEEN,
    refusal=errors,
)
def operator_groups(call: Call, asked: Menu) -> dict[str, Any]:
    """The categories, and in each the institutions that have a class of it."""
    groups: dict[str, set[str]] = {}
    for course in call.ask(catalogue.search) if asked.menuID == MENU else []:
        groups.setdefault(course.category, set()).add(course.institution)
    return {
        "operatorGroup": [
            {"name": name, "operators": [_operator(code) for code in sorted(codes)]}
            for name, codes in sorted(groups.items())
        ]
    }


@operation(
    "rechargeCatalogProductInputMultiTab",
    "rechargeCatalogProductInputMultiTab",
    Products,
    provenance=SEEN,
    refusal=errors,
)
def products(call: Call, asked: Products) -> dict[str, Any]:
    """The classes of an institution."""
    found = call.ask(catalogue.search, institution=asked.operator) if asked.menuID == MENU else []
    return {"products": [{"id": course.code, "attributes": _attributes(call, course)} for course in found]}


@operation(
    "prakerjaClassDetail",
    "prakerjaClassDetail",
    Product,
    provenance=INFERRED,
    refusal=errors,
    refuses=(Reason.COURSE_UNKNOWN,),
)
def class_detail(call: Call, asked: Product) -> dict[str, Any]:
    """Everything about a class ("Lihat Detail"), and how its voucher is redeemed."""
    course = course_of(call, asked.productID)
    schedule: Schedule = call.ask(catalogue.schedule_of, course=course.code)
    reviewed = _reviewed(call, course.code) if asked.includeReviews else []
    stars = [one.stars for one in reviewed]
    detail = {
        "productID": course.code,
        "title": course.title,
        "institution": course.institution,
        "category": course.category,
        "method": METHODS[course.kind],
        "price": str(course.price),
        "price_plain": course.price.amount,
        "quota": call.ask(catalogue.free_seats, schedule=schedule.code),
        "schedule": [
            {
                "code": schedule.code,
                "start": schedule.starts.isoformat() if schedule.starts else "",
                "end": schedule.ends.isoformat() if schedule.ends else "",
            }
        ],
        "curriculum": [f"Materi {number}" for number in range(1, course.lessons + 1)],
        "rating": round(sum(stars) / len(stars), 1) if stars else 0,
        "totalReviews": len(stars),
        "redeemInstruction": _redeem_steps(course.institution),
    }
    return {"data": detail, "errors": []}


@operation(
    "productReviewList",
    "productrevGetProductReviewList",
    Reviews,
    provenance=SEEN,
    refusal=errors,
)
def review_list(call: Call, asked: Reviews) -> dict[str, Any]:
    """What buyers wrote about a class."""
    reviewed = _reviewed(call, asked.productID)
    start = (asked.page - 1) * asked.limit
    shown = reviewed[start : start + asked.limit]
    return {
        "list": [_review(one) for one in shown],
        "hasNext": len(reviewed) > start + asked.limit,
        "totalReviews": len(reviewed),
    }


def course_of(call: Call, code: str) -> Course:
    """The class of that code; raises Rejected if there is none (MF1)."""
    course: Course | None = call.ask(Unit.get, kind=Course, key=code)
    if course is None:
        raise Rejected(Reason.COURSE_UNKNOWN)
    return course


def redeem_url(institution: str) -> str:
    """The institution's voucher page, where the code is pasted; a stand-in host, never the simulator's."""
    return f"https://{institution}.example.com/vouchers/redeem"


def feedback_id(order: str) -> str:
    """A review's number follows from its order's."""
    return f"9{order}"


def _found(
    listed: list[dict[str, Any]], problem: str = "", code: int = 0, redirect: str = ""
) -> dict[str, Any]:
    return {
        "header": {
            "totalData": len(listed),
            "totalDataText": str(len(listed)),
            "processTime": 0,
            "responseCode": code,
            "errorMessage": problem,
        },
        "data": {
            "banner": None,
            "redirection": {"redirectUrl": redirect},
            "ticker": None,
            "products": listed,
        },
    }


def _product(call: Call, course: Course) -> dict[str, Any]:
    return {"id": course.code, "name": course.title, **_attributes(call, course)}


def _attributes(call: Call, course: Course) -> dict[str, Any]:
    schedule: Schedule = call.ask(catalogue.schedule_of, course=course.code)
    seats = call.ask(catalogue.free_seats, schedule=schedule.code)
    return {
        "price": str(course.price),
        "price_plain": course.price.amount,
        "desc": course.title,
        "detail": METHODS[course.kind],
        "detail_url": f"https://www.tokopedia.com/kartu-prakerja/kelas/{course.code}",
        "product_labels": [METHODS[course.kind]],
        "promo": None,
        "custom_attributes": [],
        "category_id": course.category,
        "operator_id": course.institution,
        "status": 1 if seats else 3,
    }


def _operator(code: str) -> dict[str, Any]:
    return {"id": code, "attributes": {"name": code, "image_url": ""}}


def _words_of(course: Course) -> set[str]:
    return set(f"{course.title} {course.category} {course.institution} {course.code}".lower().split())


def _redeem_steps(institution: str) -> list[str]:
    return [
        f"Buat akun di lembaga pelatihan {institution}.",
        f"Buka {redeem_url(institution)}.",
        "Masukkan kode voucher dari riwayat transaksi atau e-mail.",
        "Periksa kelas yang tampil, lalu mulai belajar.",
    ]


def _reviewed(call: Call, course: str) -> list[Review]:
    found: list[Review] = call.ask(reviews.of_course, marketplace=MARKETPLACE.code, course=course)
    return found


def _review(review: Review) -> dict[str, Any]:
    return {
        "feedbackID": feedback_id(review.order),
        "message": review.text,
        "productRating": review.stars,
        "reviewCreateTime": review.written_at.isoformat(),
        "reviewCreateTimestamp": str(unix_seconds(review.written_at)),
        "isAnonymous": True,
        "reviewResponse": None,
        "user": {"userID": "", "fullName": "Peserta Prakerja"},
        "likeDislike": {"totalLike": 0, "likeStatus": 0},
    }

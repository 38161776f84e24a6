"""Finding a class: the search box, the programme's landing page, institutions, a class, reviews.

Typing "kartu prakerja" redirects to the landing page.  An institution is an operator, a class a product.
"""

from typing import Any, NamedTuple
from urllib.parse import parse_qs

from prakerja_sim.mocks.http.face import Call
from prakerja_sim.mocks.shop import catalogue
from prakerja_sim.mocks.shop.catalogue import Offer, course_of, offer, redeem_url, reviews_of
from prakerja_sim.mocks.shop.site import Page, Site
from prakerja_sim.mocks.tokopedia.codes import KINDS, LANDING, MENU
from prakerja_sim.mocks.tokopedia.fields import Menu, Product, Products, Reviews, Search
from prakerja_sim.mocks.tokopedia.words import Message
from prakerja_sim.simulator.marketplace.records import Review
from prakerja_sim.simulator.programme.catalogue import search as all_courses
from prakerja_sim.simulator.values.clock import unix_seconds
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.world.refusals import refuses


class SearchResult(NamedTuple):
    """The result of a search, or the problem with the words."""

    offers: list[Offer]
    redirect: str = ""
    problem: str = ""


def search_product(site: Site, call: Call, variables: Search) -> SearchResult:
    """Search; the programme's name redirects to its landing page and lists every class."""
    words = parse_qs(variables.params, max_num_fields=50).get("q", [""])[0].lower().split()
    if not words:
        return SearchResult([], problem="Kata kunci wajib diisi.")
    programme = "prakerja" in words
    typed = " ".join(words)
    courses = catalogue.matching(call, typed) if programme else catalogue.holding(call, set(words))
    return SearchResult([offer(site, call, course) for course in courses], LANDING if programme else "")


def menu_detail(_: Site, __: Call, variables: Menu) -> int:
    """The landing page: its name, promos and tickers."""
    return variables.menuID


def operator_groups(site: Site, call: Call, variables: Menu) -> dict[str, list[str]]:
    """The categories, and in each the institutions that have a class of it."""
    return catalogue.groups(site, call) if variables.menuID == MENU else {}


def products(site: Site, call: Call, variables: Products) -> list[Offer]:
    """The classes of an institution."""
    rows = call.ask(all_courses, institution=variables.operator) if variables.menuID == MENU else []
    return [offer(site, call, course) for course in rows]


@refuses(Reason.COURSE_UNKNOWN)
def class_detail(site: Site, call: Call, variables: Product) -> Offer:
    """Everything about a class ("Lihat Detail"), and how its voucher is redeemed."""
    return offer(site, call, course_of(site, call, variables.course_id), rated=variables.includeReviews)


def review_list(site: Site, call: Call, variables: Reviews) -> Page[Review]:
    """What buyers wrote about a class."""
    rows, start = reviews_of(site, call, variables.course_id), (variables.page - 1) * variables.limit
    return Page(rows[start : start + variables.limit], variables.page, variables.limit, len(rows), "")


def search_result(result: SearchResult) -> dict[str, Any]:
    """A page of the search."""
    listed = [{"id": one.id, "name": one.course.title, **attributes(one)} for one in result.offers]
    return {
        "header": {
            "totalData": len(listed),
            "totalDataText": str(len(listed)),
            "processTime": 0,
            "responseCode": 1 if result.problem else 0,
            "errorMessage": result.problem,
        },
        "data": {
            "banner": None,
            "redirection": {"redirectUrl": result.redirect},
            "ticker": None,
            "products": listed,
        },
    }


def search_refused(what: Message) -> dict[str, Any]:
    """The refusal of the search."""
    return search_result(SearchResult([], problem=what.text))


def menu(menu_id: int) -> dict[str, Any]:
    """The landing page."""
    name = "Kartu Prakerja" if menu_id == MENU else ""
    return {"catalog": {"id": menu_id, "name": name, "label": name}, "promos": [], "tickers": []}


def operators(groups: dict[str, list[str]]) -> dict[str, Any]:
    """The institutions, by category."""
    entries = [
        {
            "name": name,
            "operators": [{"id": one, "attributes": {"name": one, "image_url": ""}} for one in codes],
        }
        for name, codes in groups.items()
    ]
    return {"operatorGroup": entries}


def product_list(offers: list[Offer]) -> dict[str, Any]:
    """The classes of an institution."""
    return {"products": [{"id": one.id, "attributes": attributes(one)} for one in offers]}


def attributes(one: Offer) -> dict[str, Any]:
    """A class in a list."""
    course, kind = one.course, KINDS[one.course.kind]
    return {
        "price": str(course.price),
        "price_plain": course.price.amount,
        "desc": course.title,
        "detail": kind,
        "detail_url": f"https://www.tokopedia.com/kartu-prakerja/kelas/{course.code}",
        "product_labels": [kind],
        "promo": None,
        "custom_attributes": [],
        "category_id": course.category,
        "operator_id": course.institution,
        "status": 1 if one.seats else 3,
    }


def detail(one: Offer) -> dict[str, Any]:
    """A class's own page."""
    course = one.course
    content = {
        "productID": course.code,
        "title": course.title,
        "institution": course.institution,
        "category": course.category,
        "method": KINDS[course.kind],
        "price": str(course.price),
        "price_plain": course.price.amount,
        "quota": one.seats,
        "schedule": [{"code": one.schedule.code, "start": one.starts or "", "end": one.ends or ""}],
        "curriculum": [f"Materi {number}" for number in one.lessons],
        "rating": one.average,
        "totalReviews": len(one.stars),
        "redeemInstruction": [
            f"Buat akun di lembaga pelatihan {course.institution}.",
            f"Buka {redeem_url(course.institution)}.",
            "Masukkan kode voucher dari riwayat transaksi atau e-mail.",
            "Periksa kelas yang tampil, lalu mulai belajar.",
        ],
    }
    return {"data": content, "errors": []}


def feedbacks(page: Page[Review]) -> dict[str, Any]:
    """A page of reviews."""
    more = page.total > page.number * page.size
    return {"list": [_feedback(one) for one in page.rows], "hasNext": more, "totalReviews": page.total}


def feedback_id(order: str) -> str:
    """A review's number follows from its order's."""
    return f"9{order}"


def _feedback(review: Review) -> dict[str, Any]:
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

"""Finding a class: the search box, the programme's landing page, institutions, a class, reviews.

Typing "kartu prakerja" redirects to the landing page.  An institution is an operator, a class a product.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from prakerja_sim.mocks.http.face import Call
from prakerja_sim.mocks.shop import catalogue
from prakerja_sim.mocks.shop.catalogue import Offer, course_of, offer, redeem_url, reviews_of
from prakerja_sim.mocks.shop.site import Page, Site
from prakerja_sim.mocks.tokopedia.codes import KINDS, LANDING, MENU
from prakerja_sim.mocks.tokopedia.fields import Menu, Product, Products, Reviews, Search
from prakerja_sim.mocks.tokopedia.words import Message
from prakerja_sim.simulator.marketplace.orders import PROMOS
from prakerja_sim.simulator.marketplace.records import Review
from prakerja_sim.simulator.values.clock import unix_seconds
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.world.refusals import refuses


class SearchResult(NamedTuple):
    """The result of a search, or the problem with the words."""

    offers: list[Offer]
    total: int = 0
    redirect: str = ""
    problem: str = ""


def search_product(site: Site, call: Call, variables: Search) -> SearchResult:
    """Search; the programme's name redirects to its landing page and lists every class.

    Of the many parameters that the app sends, `q`, `page` and `rows` count.
    """
    sent = dict(parse_qsl(variables.params, max_num_fields=50))
    words, page, rows = sent.get("q", "").lower().split(), sent.get("page", "1"), sent.get("rows", "60")
    if not words:
        return SearchResult([], problem="Kata kunci wajib diisi.")
    if not all(re.fullmatch("[1-9][0-9]{0,3}", number) for number in (page, rows)):
        return SearchResult([], problem="page dan rows harus bilangan dari 1 sampai 9999.")
    programme = "prakerja" in words
    typed = " ".join(words)
    courses = catalogue.matching(call, typed) if programme else catalogue.holding(call, set(words))
    shown = courses[(int(page) - 1) * int(rows) :][: int(rows)]
    offers = [offer(site, call, course) for course in shown]
    return SearchResult(offers, len(courses), LANDING if programme else "")


def menu_detail(_: Site, __: Call, ___: Menu) -> Mapping[str, int]:
    """The landing page: its name, and the promo codes with what they take off, in rupiah."""
    return PROMOS


def operator_groups(site: Site, call: Call, _: Menu) -> dict[str, list[str]]:
    """The categories, and in each the institutions that have a class of it."""
    return catalogue.groups(site, call)


@refuses(catalogue.matching)
def products(site: Site, call: Call, variables: Products) -> list[Offer]:
    """The classes of an institution."""
    rows = catalogue.matching(call, "", institution=variables.operator)
    return [offer(site, call, course) for course in rows]


@refuses(Reason.COURSE_UNKNOWN)
def class_detail(site: Site, call: Call, variables: Product) -> Offer:
    """Everything about a class ("Lihat Detail"), and how its voucher is redeemed."""
    return offer(site, call, course_of(site, call, variables.course_id), rated=variables.includeReviews)


def review_list(site: Site, call: Call, variables: Reviews) -> Page[Review]:
    """What buyers wrote about a class."""
    rows, start = _wanted(variables, reviews_of(site, call, variables.course_id)), _start(variables)
    return Page(rows[start : start + variables.limit], variables.page, variables.limit, len(rows), "")


def _wanted(variables: Reviews, reviews: list[Review]) -> list[Review]:
    """The reviews with the stars that are asked for, the newest first unless another order is."""
    stars = variables.filterBy.removeprefix("rating=")
    rows = [one for one in reviews if stars in ("", str(one.stars))]
    by, _, way = variables.sortBy.partition(" ")
    if by == "rating":
        return sorted(rows, key=lambda one: one.stars, reverse=way == "desc")
    return rows[::-1] if way == "asc" else rows


def _start(variables: Reviews) -> int:
    return (variables.page - 1) * variables.limit


def search_result(result: SearchResult) -> dict[str, Any]:
    """A page of the search."""
    listed = [{"id": one.id, "name": one.course.title, **attributes(one)} for one in result.offers]
    return {
        "header": {
            "totalData": result.total,
            "totalDataText": str(result.total),
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


def menu(promos: Mapping[str, int]) -> dict[str, Any]:
    """The landing page."""
    name = "Kartu Prakerja"
    shown = [_promo(number, code, Rupiah(off)) for number, (code, off) in enumerate(promos.items(), 1)]
    return {"catalog": {"id": MENU, "name": name, "label": name}, "promos": shown, "tickers": []}


def _promo(number: int, code: str, off: Rupiah) -> dict[str, Any]:
    """A promo code as the landing page offers it, with the fields of the app (seen)."""
    pictures = {"filename": "", "filename_webp": "", "img_url": ""}
    words = {"title": f"Potongan {off}", "subtitle": f"Untuk kelas dengan harga di atas {off}."}
    return {"id": number, **pictures, "status": 1, **words, "promo_code": code}


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
        "isAnonymous": not review.author,
        "reviewResponse": None,
        "user": {
            "userID": review.shopper.partition("/")[2] if review.author else "",
            "fullName": review.author or "Peserta Prakerja",
        },
        "likeDislike": {"totalLike": 0, "likeStatus": 0},
    }

"""The filters of every marketplace's lists: a name that is none is refused, and so is an unknown value."""

import re

import pytest

from prakerja_sim.mocks.server.mounts import discovered
from prakerja_sim.mocks.shop import registry
from prakerja_sim.mocks.shop.buyer import Refused
from tests.mocks.market import COURSE, INSTITUTION, Market, wire_names

LISTS = {
    "bukalapak": (
        "/api/products",
        "/api/prakerja/courses",
        "/api/prakerja/categories",
        "/api/prakerja/providers",
        f"/api/prakerja/courses/{COURSE}/reviews",
        "/api/invoices",
        "/api/complaints",
    ),
    "kariermu": (
        "/program/prakerja",
        "/program/prakerja/filter",
        f"/program/review/{COURSE}",
        "/program_activity/enrolled/{user}/1/10",
        "/transaction/{user}/1/10",
        "/complaint",
    ),
    "kemnaker": tuple(
        f"/api/{path}"
        for path in (
            "skillhub/catalogue/v1/trainings",
            "skillhub/catalogue/v1/vocationals",
            "skillhub/catalogue/v1/institutions",
            "skillhub/catalogue/v1/trainings/{id}/reviews",
            "skillhub/order/v1/orders",
            "care/v1/tickets",
        )
    ),
    "pijar": tuple(
        f"/api/v1/{path}"
        for path in ("classes", "categories", "institutions", "classes/{id}/reviews", "orders", "tickets")
    ),
}
"""The lists that a query filters; Tokopedia's are GraphQL operations, tried with its wire."""
ALL = [(code, path) for code, paths in LISTS.items() for path in paths]


class Looking:
    """Somebody who is logged in and looks around."""

    def __init__(self, code):
        self.market = Market(code)
        self.shopper = self.market.shopper(self.market.enrol())

    def get(self, path):
        if "{" in path:
            first = {"kemnaker": "/api/skillhub/catalogue/v1/trainings", "pijar": "/api/v1/classes"}
            rows = self.get(first[self.market.code]).json()["data"] if self.market.code in first else [{}]
            path = path.format(id=rows[0].get("id"), user=getattr(self.shopper, "_user", ""))
        return self.market.send("GET", path, headers=self.shopper.login)


@pytest.mark.parametrize(("code", "path"), ALL, ids=[f"{code} {path}" for code, path in ALL])
def test_a_list_refuses_a_filter_that_it_does_not_have(code, path):
    looking = Looking(code)
    assert looking.get(path).status == 200
    answer = looking.get(f"{path}?warna=hijau")
    assert answer.status in (400, 422), answer.body
    said = b"warna: filter tidak dikenal" in answer.body or b"warna: no such filter" in answer.body
    assert said or b'"warna"' in answer.body, answer.body
    assert looking.market.is_sound()


def test_no_list_with_a_query_is_forgotten():
    """Every path that reads a query as a model is one of the lists above."""
    faces = {face.code: face for face in discovered()}
    for code, paths in LISTS.items():
        shapes = {re.sub(r"<[^>]+>|\{[^}]+\}|" + COURSE, "*", path) for path in paths}
        for endpoint in faces[code].endpoints:
            if endpoint.method == "GET" and endpoint.body is not None and "page" in wire_names(endpoint.body):
                assert re.sub(r"<[^>]+>", "*", endpoint.path) in shapes, endpoint.path


SAYS = {
    "tokopedia": ("RCG_USC_009", "Lembaga pelatihan tidak ditemukan."),
    "bukalapak": ("42216", "Kategori atau penyedia kursus tidak ditemukan"),
    "pijar": ("ERR_FILTER", "Kategori atau lembaga pelatihan tidak ditemukan."),
    "kemnaker": ("Kejuruan atau lembaga pelatihan tidak ditemukan.", ""),
    "kariermu": ("Kategori atau lembaga pelatihan tidak ditemukan", ""),
}


@pytest.mark.parametrize("code", registry.codes())
def test_an_institution_without_a_course_is_no_filter(code):
    looking = Looking(code)
    assert [one.course for one in looking.shopper.courses(INSTITUTION)] == [COURSE]
    with pytest.raises(Refused) as refusal:
        looking.shopper.courses("lp-lain")
    assert (refusal.value.code, refusal.value.message) == SAYS[code]


BY_CATEGORY = {
    "bukalapak": ("/api/prakerja/courses?category_id=", "/api/prakerja/providers?category_id="),
    "kariermu": ("/program/prakerja?category=",),
    "kemnaker": tuple(
        f"/api/skillhub/catalogue/v1/{what}?vocational=" for what in ("trainings", "institutions")
    ),
    "pijar": ("/api/v1/classes?category=", "/api/v1/institutions?category="),
}


@pytest.mark.parametrize("code", BY_CATEGORY)
def test_a_category_without_a_course_is_no_filter(code):
    looking = Looking(code)
    for path in BY_CATEGORY[code]:
        assert looking.get(f"{path}kopi").status == 200
        assert looking.get(f"{path}teh").status == 422
    # Words that nothing has are no filter but a search in vain.
    words = {"bukalapak": "keywords"}.get(code, "keyword")
    found = looking.get(f"{BY_CATEGORY[code][0]}kopi&{words}=bambu")
    assert (found.status, found.json()["data"]) == (200, [])


@pytest.mark.parametrize("code", registry.codes())
def test_complaints_about_an_order_that_is_none_are_not_looked_for(code):
    looking = Looking(code)
    with pytest.raises(Refused):
        looking.shopper.tickets("0000000000")

"""Looking around: the home page, the catalogue, a course's own page. Guests may, too."""

from urllib.parse import urlencode

from prakerja_sim.mocks.http.face import Reply
from prakerja_sim.mocks.shop.pages import session
from prakerja_sim.mocks.shop.pages.visit import Visit


def home(visit: Visit) -> Reply:
    """The search box, and the categories."""
    return visit.page("home.html", categories=visit.shopper.categories())


def catalogue(visit: Visit) -> Reply:
    """What was searched for, else the courses of an institution, else the institutions of a category."""
    query = visit.call.query
    words, category, institution = (query.get(name, "").strip() for name in ("q", "kategori", "lembaga"))
    courses, institutions = [], []
    if institution:
        courses = visit.shopper.courses(institution)
        courses = [one for one in courses if category in ("", one.category)]
    elif category:
        institutions = visit.shopper.institutions(category)
    else:
        courses = visit.shopper.search(words or visit.labels.suggestion)
    return visit.page(
        "catalogue.html",
        words=words,
        category=category,
        institution=institution,
        categories=visit.shopper.categories(),
        institutions=institutions,
        courses=courses,
        everything=not (words or category or institution),
    )


def course(visit: Visit) -> Reply:
    """A course: what it costs and teaches, how its voucher is redeemed, what others wrote."""
    code = visit.named("course")
    return visit.page("course.html", course=visit.shopper.look(code), reviews=visit.shopper.reviews(code))


def buy(visit: Visit) -> Reply:
    """Choose the course; who is not logged in does that first."""
    code = visit.named("course")
    if not visit.session.verified:
        return visit.to(f"/masuk?{urlencode({'kelas': code})}")
    visit.shopper.add_to_cart(code)
    visit.session.chosen, visit.session.discount = code, 0
    return visit.to("/beli")


def leave(visit: Visit) -> Reply:
    """Log out of this browser."""
    session.end(visit.call, visit.session)
    return visit.entered("/", "")

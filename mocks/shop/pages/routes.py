"""Where a site's pages are, and how a request for one is answered.

They stand beside the face's endpoints: they are for people, and no part of the contract that programs call.
A form is sent to its own page; what the site refused is shown above the form.
"""

from collections.abc import Callable
from hmac import compare_digest
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from flask import Response, request

from prakerja_sim.mocks.http import bodies, pages, timeline
from prakerja_sim.mocks.http.face import Call, Face, Malformed, Reply
from prakerja_sim.mocks.shop import registry
from prakerja_sim.mocks.shop.pages import buying, entering, looking, orders, session
from prakerja_sim.mocks.shop.pages.visit import HEADERS, PROBLEMS, Visit
from prakerja_sim.mocks.shop.site import Site

STYLE = Path(__file__).parent / "pages.css"
UNAUTHORIZED = 401
Action = Callable[[Visit], Reply]


class Page(NamedTuple):
    """A page: what it shows, what its form does, and whether only who is logged in sees it."""

    path: str
    show: Action | None
    submit: Action | None = None
    login: bool = True


def _page(path: str, show: Action | None, submit: Action | None = None) -> Page:
    return Page(path, show, submit, login=False)


PAGES = (
    _page("/", looking.home),
    _page("/kelas", looking.catalogue),
    _page("/kelas/<course>", looking.course, looking.buy),
    _page("/masuk", entering.login_page, entering.log_in),
    _page("/masuk/kode", entering.code_page, entering.enter_code),
    _page("/lupa", entering.lost_page, entering.find_account),
    _page("/lupa/kode", entering.new_password_page, entering.set_password),
    _page("/keluar", None, looking.leave),
    Page("/beli", buying.chosen_page, buying.order),
    Page("/bayar/<order>", buying.payment_page),
    Page("/bayar/<order>/metode", buying.methods_page),
    Page("/bayar/<order>/kartu", buying.card_page, buying.enter_card),
    Page("/bayar/<order>/otp", buying.otp_page, buying.enter_otp),
    Page("/pesanan", orders.history),
    Page("/pesanan/<order>", orders.order, orders.act),
    Page("/pesanan/<order>/ulasan", orders.review_page, orders.review),
    Page("/pesanan/<order>/bantuan", orders.support_page, orders.complain),
)


def add_to(face: Face) -> None:
    """Serve the pages of a marketplace beside its endpoints, once."""
    if face.code not in registry.codes() or "toko.css" in face.app.view_functions:
        return
    site = registry.site(face.code)
    for page in (*PAGES, *_invoices(site)):
        for method, action in (("GET", page.show), ("POST", page.submit)):
            if action is not None:
                name = f"page {method} {page.path}"
                view = _view(face, site, page, action)
                face.app.add_url_rule(page.path, name, view, methods=[method])

    def style() -> Response:
        color = f":root {{ --brand: {registry.labels(site.code).color}; }}\n"
        kind = {"Content-Type": "text/css; charset=utf-8"}
        return face.response_of(Reply((color + STYLE.read_text()).encode(), headers=HEADERS | kind))

    face.app.add_url_rule("/toko.css", "toko.css", style)


def _invoices(site: Site) -> list[Page]:
    """The address under which the site says that an invoice is found."""
    path = urlsplit(site.invoice_url).path
    coded = path.replace("{order.invoice}", site.invoice_prefix + "<path:invoice>")
    return [Page(coded.replace("{order.id}", "<invoice>"), orders.invoice)]


def _view(face: Face, site: Site, page: Page, action: Action) -> Callable[..., Response]:
    def view(**path: str) -> Response:
        environ = request.environ
        timeline.of(environ).passed_on = True
        call = Call(environ, environ["sim.sandbox"], environ["sim.parties"], b"", path=path)
        try:
            return face.response_of(_answered(site, call, page, action))
        finally:
            call.parties.webhook_delivery.after_request(call.sandbox)

    return view


def _answered(site: Site, call: Call, page: Page, action: Action) -> Reply:
    me = session.of(site, call)
    visit = Visit(site, call, me or session.visiting(site, call))
    with visit.session.lock:
        if page.login and not visit.session.verified:
            return visit.to("/masuk")
        try:
            if request.method == "POST":
                _read_form(visit)
            return action(visit)
        except PROBLEMS as said:
            visit.note(said)
        problem = visit.problem
        if problem is not None and problem.status == UNAUTHORIZED and page.login:
            session.end(call, visit.session)  # another login, or a new password, has ended this one
            visit.session = session.visiting(site, call)
            return entering.login_page(visit)
        if action is page.show or page.show is None or (problem is not None and problem.lost):
            return visit.page("problem.html")
        try:
            return page.show(visit)
        except PROBLEMS:
            return visit.page("problem.html")


def _read_form(visit: Visit) -> None:
    """What was typed; raises Malformed for a form that another site's page could have sent."""
    call = visit.call
    call.raw = call.environ["sim.body"] = bodies.body_of(call.environ)
    pages.check_own(call)
    visit.fields = pages.fields_of(call)
    if not compare_digest(visit.session.csrf.encode(), visit.fields.get("csrf", "").encode()):
        raise Malformed("form: not one of this session")

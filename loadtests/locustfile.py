"""Users who play the happy flow at a marketplace with the shopper that the stories use, again and again.

Each flow has a participant of its own, numbered on from `--first-person` through one counter of
this process, so run it as one process.  A whole flow is counted as the request "flow".
"""

from itertools import count
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

from locust import FastHttpUser, events, task

from prakerja_sim.loadtests.errors import FlowBroken
from prakerja_sim.loadtests.learning import ask, learn
from prakerja_sim.loadtests.locust_transport import LocustTransport
from prakerja_sim.mocks.admin.seed import COURSES
from prakerja_sim.mocks.http.transport import Transport
from prakerja_sim.mocks.shop import registry
from prakerja_sim.simulator.programme.records import CourseKind

TITLES = [title for _, title, _, _, _, kind, _, _ in COURSES if kind is CourseKind.SELF_PACED]


class Phone:
    """Somebody's telephone: shows each code once."""

    def __init__(self, admin: Transport, number: str) -> None:
        self._admin = admin
        self._number = number
        self._seen = 0

    def code(self) -> str:
        """The code of the next message."""
        query = urlencode({"to": self._number, "otp": "true", "wait": "5s", "after": self._seen})
        inbox = ask(self._admin, "GET", f"/inbox/sms?{query}")
        self._seen = inbox["seen"]
        if not inbox["otp"]:
            raise FlowBroken("no code arrived within 5 s")
        return str(inbox["otp"])


@events.init_command_line_parser.add_listener  # type: ignore[untyped-decorator]
def add_options(parser: Any) -> None:
    """The options of our own."""
    parser.add_argument("--marketplace", default=registry.DEFAULT, choices=registry.codes())
    parser.add_argument("--first-person", type=int, default=6, help="Number of the first person to enrol")


@events.test_start.add_listener  # type: ignore[untyped-decorator]
def number_people(environment: Any, **_: Any) -> None:
    """Begin counting people."""
    environment.people = count(environment.parsed_options.first_person)


class Learner(FastHttpUser):
    """Somebody who enrols, buys, learns, reviews, and then comes again as somebody else."""

    network_timeout = connection_timeout = 30.0

    @task
    def flow(self) -> None:
        """One flow, counted as a whole."""
        problem: Exception | None = None
        started = perf_counter()
        try:
            self._play(next(self.environment.people))
        except Exception as broken:  # whatever it is, the flow broke and the run says so
            problem = broken
        self.environment.events.request.fire(
            request_type="FLOW",
            name="flow",
            response_time=(perf_counter() - started) * 1000,
            response_length=0,
            exception=problem,
            context={},
        )

    def _play(self, number: int) -> None:
        admin = LocustTransport(self.client, "/__admin")
        enrolled = ask(admin, "POST", "/people", count=1, number=number)["people"][0]
        phone = Phone(admin, enrolled["phone"])
        place = self.environment.parsed_options.marketplace
        shopper = registry.shopper(place, LocustTransport(self.client, f"/{place}"))

        shopper.sign_up(enrolled["name"], enrolled["phone"], enrolled["email"])
        shopper.enter_phone_code(phone.code())
        course = shopper.look(shopper.search(TITLES[number % len(TITLES)])[0].course)
        shopper.add_to_cart(course.course)
        order = shopper.check_out()
        if not shopper.payment_methods(order):
            raise FlowBroken("no way to pay is offered")
        shopper.enter_card(order, enrolled["prakerja_id"])
        if shopper.enter_otp(order, phone.code()) != "paid":
            raise FlowBroken("the payment is pending")
        voucher = shopper.history()[0].voucher
        if voucher is None:
            raise FlowBroken("the history shows no voucher")

        site = LocustTransport(self.client, f"/institution/{course.institution}/vouchers")
        learn(site, place, voucher, enrolled)
        shopper.write_review(order, 5, "Materi jelas dan mudah diikuti.")

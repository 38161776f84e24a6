"""The verbs: what people do in a story, the simulator's levers, and `expect`.

A stage speaks to every party over the wire, in process or over HTTP alike; it knows no party
from inside.  A refusal comes back as `Refused` with the programme's reason, whatever the site
called it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

import orjson

from prakerja_sim.mocks.http.transport import NoReply, Transport
from prakerja_sim.mocks.shop.buyer import CardCheck, Certified, Host, Shopper
from prakerja_sim.mocks.shop.buyer import Refused as SiteRefused
from prakerja_sim.scenarios.engine.browsing import Browser, reasons
from prakerja_sim.scenarios.engine.errors import Refused
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.money import Rupiah

PRICE = Rupiah(650_000)
KINDS = {"self_paced": 1, "webinar": 2, "offline": 3}


class Wires(Protocol):
    """How a stage reaches its sandbox's parties."""

    def transport(self, party: str) -> Transport:
        """The wire to a party."""

    def shopper(self) -> Shopper:
        """Somebody new in front of the marketplace."""

    def reasons(self, code: str) -> list[Reason]:
        """What the marketplace may mean by a code of its own."""


@dataclass
class Person:
    """Somebody in a story, with what he knows and holds."""

    shown: Mapping[str, Any]
    shopper: Shopper
    token: str = ""
    signed_up: bool = False
    order: str = ""
    ticket: str = ""
    voucher: str = ""
    institution: str = ""
    course: str = ""
    codes: list[str] = field(default_factory=list)
    accounts: dict[str, str] = field(default_factory=dict)
    """His account's number at each payment partner."""
    verification: str = ""
    """The address at which he is to show his face."""

    @property
    def card(self) -> str:
        """The card number on the dashboard."""
        return str(self.shown["prakerja_id"])


class Stage:
    """One story's world; its public methods with keyword arguments are the verbs."""

    def __init__(self, wires: Wires, marketplace: str) -> None:
        self._wires = wires
        self._marketplace = marketplace
        self._people: dict[str, Person] = {}
        self._bugs = 0

    # The levers

    def list_course(
        self,
        *,
        course: str = "barista-dasar",
        price: Rupiah = PRICE,
        institution: str = "lp-kopi",
        title: str = "Barista untuk Pemula",
        category: str = "Makanan & Minuman",
        kind: str = "self_paced",
        quota: int | None = None,
        starts: datetime | None = None,
        min_age: int = 18,
        min_education: int = 0,
    ) -> None:
        """Put a course on sale on every marketplace."""
        body = {
            "code": course,
            "title": title,
            "category": category,
            "institution": institution,
            "price": price.amount,
            "kind": KINDS[kind],
            "starts": starts.isoformat() if starts else None,
            "min_age": min_age,
            "min_education": min_education,
        }
        if quota is not None:
            body["quota"] = quota
        self._ask("__admin", "POST", "/courses", body)

    def enrol(
        self,
        *,
        wave: int = 18,
        person: str = "peserta",
        videos: bool = True,
        wallet: bool = True,
        again: str | None = None,
        phone: str | None = None,
    ) -> None:
        """A person is taken into a wave and logs in to the dashboard; `again` is somebody's second try.

        A `phone` that begins with 0849 may have a meaning.
        """
        number = [*self._people].index(again) + 1 if again is not None else len(self._people) + 1
        body = {"wave": wave, "number": number, "videos_watched": videos, "wallet": wallet, "phone": phone}
        shown = self._ask("__admin", "POST", "/people", body)["people"][0]
        someone = Person(shown, self._wires.shopper())
        self._people[person] = someone
        login = {"email": shown["email"], "password": shown["password"]}
        someone.token = self._ask("prakerja", "POST", "/dashboard/login", login)["data"]["token"]

    def advance(self, *, by: timedelta | None = None, to: datetime | None = None) -> None:
        """Move the clock by a span or to a time; what is due on the way happens."""
        if (by is None) is (to is None):
            raise AssertionError("advance needs either by or to")
        move = {"set": to.isoformat()} if to else {"advance": f"{int((by or timedelta()).total_seconds())}s"}
        self._ask("__admin", "POST", "/clock", move)

    def step_clock(self) -> None:
        """Move the clock to the next thing that is due."""
        self._ask("__admin", "POST", "/clock", {"step": True})

    def arm(self, *, fault: str, where: str = "", times: int = 1) -> None:
        """Let a fault strike the next times."""
        self._ask("__admin", "POST", "/faults", {"fault": fault, "where": where, "times": times})

    def disarm(self) -> None:
        """End all faults."""
        self._ask("__admin", "DELETE", "/faults")

    def block_account(self, *, blocked: bool = True, person: str = "peserta") -> None:
        """The operator blocks the person's Prakerja account, or frees it."""
        self._ask("__admin", "POST", f"/people/{self._who(person).card}/block", {"blocked": blocked})

    def withdraw_content(self, *, course: str) -> None:
        """The institution takes a course's lessons away."""
        self._ask("__admin", "POST", f"/courses/{course}/withdraw")

    def pause_payouts(self, *, until: datetime) -> None:
        """The operator pauses all payouts."""
        self._ask("__admin", "POST", "/payouts/pause", {"until": until.isoformat()})

    def void(self, *, person: str = "peserta") -> None:
        """The marketplace takes the person's order back."""
        self._ask("__admin", "POST", f"/orders/{self._who(person).order}/void")

    # Buying

    def watch_videos(self, *, person: str = "peserta") -> None:
        """Watch the induction videos on the dashboard."""
        self._dashboard(person, "POST", "/videos")

    def sign_up(self, *, code: str = "right", phone: str = "right", person: str = "peserta") -> None:
        """Open an account at the marketplace and verify its phone by SMS; `right` is Prakerja's."""
        who = self._who(person)
        number = who.shown["phone"] if phone == "right" else phone
        before = len(self._texts(number))
        self._shop(who.shopper.sign_up, str(who.shown["name"]), number, who.shown["email"])
        codes = [one["otp"] for one in self._texts(number)[before:] if one["otp"]]
        sent = codes[-1] if codes else ""
        self._shop(who.shopper.enter_phone_code, sent if code == "right" else code)
        who.signed_up = True

    def search(self, *, words: str, finds: str, person: str = "peserta") -> None:
        """Type words into the search box; the course must be among what is found."""
        found = [hit.course for hit in self._shop(self._signed_up(person).shopper.search, words)]
        if finds not in found:
            raise AssertionError(f"found {found}, expected {finds}")

    def browse(self, *, category: str, institution: str, person: str = "peserta") -> None:
        """Choose a category and an institution; both must be on offer."""
        shopper = self._signed_up(person).shopper
        categories = self._shop(shopper.categories)
        institutions = self._shop(shopper.institutions, category)
        if category not in categories or institution not in institutions:
            raise AssertionError(f"offered {categories} and {institutions}")

    def look(self, *, course: str, person: str = "peserta") -> None:
        """Read a course's detail: price, and how its voucher is redeemed."""
        detail = self._shop(self._signed_up(person).shopper.look, course)
        if not detail.redeem_steps:
            raise AssertionError("the detail does not say how the voucher is redeemed")

    def read_reviews(self, *, course: str, stars: list[int], person: str = "peserta") -> None:
        """Read a course's reviews: these stars, the newest first."""
        found = [review.stars for review in self._shop(self._signed_up(person).shopper.reviews, course)]
        if found != stars:
            raise AssertionError(f"the reviews give {found}, expected {stars}")

    def buy(self, *, course: str, promo: str | None = None, person: str = "peserta") -> None:
        """Press buy: cart, promo code if any, order, and Kartu Prakerja among the payment methods."""
        who = self._signed_up(person)
        self._shop(who.shopper.add_to_cart, course)
        if promo is not None:
            self._shop(who.shopper.enter_promo, promo)
        who.order = self._shop(who.shopper.check_out)
        who.course, who.voucher, who.codes = course, "", []
        methods = self._shop(who.shopper.payment_methods, who.order)
        if "Kartu Prakerja" not in [name for names in methods.values() for name in names]:
            raise AssertionError(f"Kartu Prakerja is not among the payment methods: {methods}")

    def check_card(self, *, card: str = "right", of: str | None = None, person: str = "peserta") -> None:
        """Enter a card number where the marketplace checks it before paying; no OTP is sent yet."""
        who, own = self._who(person), self._who(of or person).card
        if not isinstance(who.shopper, CardCheck):
            raise AssertionError(f"{self._marketplace} checks no card before paying; enter_card does it all")
        before = self._messages(who)
        self._shop(who.shopper.check_card, who.order, own if card == "right" else card)
        if self._messages(who) != before:
            raise AssertionError("checking the card sent a message")

    def enter_card(self, *, card: str = "right", of: str | None = None, person: str = "peserta") -> None:
        """Enter a card number, `right` being one's own or that `of` another; Prakerja texts the OTP."""
        who = self._who(person)
        own = self._who(of or person).card
        self._shop(who.shopper.enter_card, who.order, own if card == "right" else card)

    def resend_otp(self, *, person: str = "peserta") -> None:
        """Ask for another OTP."""
        who = self._who(person)
        self._remember_codes(who)
        self._shop(who.shopper.resend_otp, who.order)

    def enter_otp(self, *, otp: str = "right", person: str = "peserta") -> None:
        """Enter an OTP: `right` is the newest, `old` the one before it, `wrong` no such code."""
        who = self._who(person)
        self._remember_codes(who)
        outcome = self._shop(who.shopper.enter_otp, who.order, self._code(who, otp))
        if outcome == "pending":
            raise Refused("no_reply", "the payment is pending")

    def find_voucher(self, *, where: str, person: str = "peserta") -> None:
        """Find the voucher code in the `history`, in the `order`'s own page or in the `mail`."""
        who = self._who(person)
        if where == "history":
            mine = [order for order in self._shop(who.shopper.history) if order.order == who.order]
            voucher = mine[0].voucher if mine else None
        elif where == "order":
            voucher = self._shop(who.shopper.order, who.order).voucher
        else:
            address = who.shown["email"]
            mails = self._ask("__admin", "GET", f"/inbox/mail?to={address}")["messages"]
            lines = [line for mail in mails for line in mail["text"].splitlines()]
            codes = [line.partition(": ")[2] for line in lines if line.startswith("Kode voucher")]
            voucher = codes[-1] if codes else None
        if not voucher:
            raise AssertionError(f"no voucher in the {where}")
        who.voucher = voucher

    def find_mail(self, *, subject: str, says: str = "", person: str = "peserta") -> None:
        """Find an e-mail with that subject that says so."""
        address = self._who(person).shown["email"]
        mails = self._ask("__admin", "GET", f"/inbox/mail?to={address}")["messages"]
        found = [mail["subject"] for mail in mails if mail["subject"] == subject and says in mail["text"]]
        if not found:
            raise AssertionError(f"the inbox holds {[mail['subject'] for mail in mails]}")

    def resend_mail(self, *, person: str = "peserta") -> None:
        """Have the voucher's e-mail sent again."""
        who = self._who(person)
        self._shop(who.shopper.resend_mail, who.order)

    def write_review(self, *, stars: int = 5, text: str = "Bagus", person: str = "peserta") -> None:
        """Write a review on the marketplace ("Tulis Ulasan")."""
        who = self._who(person)
        self._shop(who.shopper.write_review, who.order, stars, text)

    # Complaints and lost access

    def complain(self, *, topic: str = "refund", text: str = "Salah beli", person: str = "peserta") -> None:
        """Write to the marketplace's customer service; `refund` asks for the money back."""
        who = self._who(person)
        who.ticket = self._shop(who.shopper.complain, who.order, text, topic)

    def complain_again(self, *, text: str = "Masih belum", person: str = "peserta") -> None:
        """Say that customer service's answer did not help."""
        who = self._who(person)
        self._shop(who.shopper.complain_again, who.ticket, text)

    def complain_to_prakerja(
        self, *, topic: str, text: str = "Mohon dibantu", training: bool = False, person: str = "peserta"
    ) -> None:
        """Fill in Prakerja's complaint form, about the latest training if asked."""
        about = str(self._trainings(person)[-1]["transaction_code"]) if training else ""
        body = {"topic": topic, "text": text, "transaction_code": about}
        self._dashboard(person, "POST", "/complaints", body)

    def complain_to_prakerja_again(self, *, text: str = "Masih belum", person: str = "peserta") -> None:
        """Say that Prakerja's answer did not help."""
        number = self._complaints(person)[0]["number"]
        self._dashboard(person, "POST", f"/complaints/{number}/reopen", {"text": text})

    def cancel_class(self, *, course: str) -> None:
        """The organiser cancels a class; who had paid for it is refunded where the site's policy says so."""
        self._ask("__admin", "POST", f"/courses/{course}/cancel")

    def recover_account(
        self,
        *,
        code: str = "right",
        password: str = "Baru-12345",
        person: str = "peserta",
    ) -> None:
        """On another device, find the marketplace account again with the code that its site sends."""
        who = self._who(person)
        before = self._messages(who)
        someone = self._wires.shopper()
        self._shop(someone.recover, who.shown["phone"], who.shown["email"])
        sent = self._otp(who, after=before) or self._mailed(who, "Kode verifikasi: ")
        self._shop(someone.enter_recovery_code, sent if code == "right" else code, password)
        who.shopper = someone

    # Webhooks

    def register_webhooks(
        self, *, url: str = "inbox:", events: list[str] | None = None, name: str = "default"
    ) -> None:
        """Let the marketplace tell a target, the built-in inbox if none is named."""
        body = {"marketplace": self._marketplace, "url": url, "name": name, "events": events or []}
        self._ask("__admin", "POST", "/webhooks/targets", body)

    def hold_webhooks(self, *, name: str = "default") -> None:
        """Keep back what a target is to be told."""
        self._ask("__admin", "POST", "/webhooks/hold", {"target": f"{self._marketplace}/{name}"})

    def release_webhooks(self, *, reverse: bool = False, name: str = "default") -> None:
        """Let what was kept back go on its way, the newest first if reversed."""
        body = {"target": f"{self._marketplace}/{name}", "reverse": reverse}
        self._ask("__admin", "POST", "/webhooks/release", body)

    def repeat_webhook(self, *, event: str) -> None:
        """Send the latest webhook of that event once more."""
        self._ask("__admin", "POST", "/webhooks/repeat", {"webhook": self._webhook(event)})

    def drop_webhook(self, *, event: str) -> None:
        """Never send the latest webhook of that event."""
        self._ask("__admin", "POST", "/webhooks/drop", {"webhook": self._webhook(event)})

    # Learning

    def redeem(
        self,
        *,
        voucher: str | None = None,
        institution: str = "lp-kopi",
        name: str | None = None,
        email: str | None = None,
        person: str = "peserta",
    ) -> None:
        """Redeem the voucher at the institution; without one, the code that the history shows."""
        who = self._who(person)
        if voucher is None and not who.voucher:
            self.find_voucher(where="history", person=person)
        body = {
            "voucher_code": voucher or who.voucher,
            "marketplace": self._marketplace,
            "email": email or who.shown["email"],
            "name": name or who.shown["name"],
        }
        self._ask("institution", "POST", f"/{institution}/vouchers/redeem", body)
        who.institution = institution

    def start_class(self, *, person: str = "peserta") -> None:
        """Open a class that the marketplace holds itself, which needs no voucher."""
        who = self._who(person)
        if not isinstance(who.shopper, Host):
            raise AssertionError(f"{self._marketplace} holds no classes itself; redeem the voucher")
        who.voucher = self._shop(who.shopper.start_class, who.order)
        who.institution = self._marketplace

    def find_certificates(self, *, out: list[str], person: str = "peserta") -> None:
        """See at the marketplace whose certificates are out."""
        who = self._who(person)
        if not isinstance(who.shopper, Certified):
            raise AssertionError(f"{self._marketplace} shows no certificates")
        found = self._shop(who.shopper.certificates, who.order)
        if sorted(out) != sorted(issuer for issuer, is_out in found.items() if is_out):
            raise AssertionError(f"the certificates are {found}")

    def attest(self, *, person: str = "peserta") -> None:
        """Give the institution the redeem code of the dashboard; it commits it at Prakerja."""
        self._learn(person, "/redeem-code", {"redeem_code": self._redeem_code(person)})

    def open_verification(
        self,
        *,
        sequence: int = 1,
        code: str | None = None,
        of: str | None = None,
        email: str | None = None,
        person: str = "peserta",
    ) -> None:
        """The institution asks where the person shows his face; the code may be that `of` another."""
        shown = code or self._redeem_code(of or person)
        body = {"redeem_code": shown, "sequence": sequence, "email": email}
        opened = self._learn(person, "/attendance", body)
        self._who(person).verification = str(opened["url"]).partition("/prakerja")[2]

    def show_face(
        self, *, outcome: str = "success", login: str | None = None, person: str = "peserta"
    ) -> None:
        """Go through Prakerja's pages: `success`, `no_match`, `camera_refused` or `abandoned`."""
        address = self._who(person).verification
        state = {"state": address.partition("state=")[2]}
        browser = Browser(self._wires.transport("prakerja"))
        browser.open(address)
        browser.log_in(self._who(login or person).shown, state)
        browser.press("consent", state)
        browser.press("scan", {**state, "outcome": outcome})
        if not browser.sent_to.endswith(f"?state={state['state']}"):
            raise AssertionError(f"the browser was sent to {browser.sent_to!r}, not back to the institution")

    def enter_class(self, *, sequence: int = 1, person: str = "peserta") -> None:
        """The institution asks Prakerja whether the person was seen, and lets him in if so."""
        body = {"redeem_code": self._redeem_code(person), "sequence": sequence}
        self._learn(person, "/attendance/return", body)

    def attend(self, *, sequence: int = 1, outcome: str = "success", person: str = "peserta") -> None:
        """Show one's face at Prakerja for a meeting, and be let in."""
        self.open_verification(sequence=sequence, person=person)
        self.show_face(outcome=outcome, person=person)
        self.enter_class(sequence=sequence, person=person)

    def submit_task(
        self,
        *,
        scope: str = "tpm",
        sequence: int = 1,
        file: str = "https://lp.example/tugas.pdf",
        code: str | None = None,
        of: str | None = None,
        person: str = "peserta",
    ) -> None:
        """The institution hands in the person's practical task, under a `code` or that `of` another."""
        shown = code or self._redeem_code(of or person)
        body = {"redeem_code": shown, "scope": scope, "sequence": sequence}
        self._learn(person, "/tasks", {**body, "url_file": file})

    def give_feedback(
        self,
        *,
        scope: str = "tpm",
        sequence: int = 1,
        notes: str = "Rapi",
        of: str | None = None,
        person: str = "peserta",
    ) -> None:
        """The institution marks a practical task, of the person or `of` another."""
        body = {"redeem_code": self._redeem_code(of or person), "scope": scope, "sequence": sequence}
        self._learn(person, "/feedback", {**body, "notes": notes})

    def log_in(
        self,
        *,
        institution: str = "lp-kopi",
        scope: str = "name email",
        agree: bool = True,
        after: timedelta | None = None,
        times: int = 1,
        client: str = "right",
        token: str = "right",
        person: str = "peserta",
    ) -> None:
        """Log in at an institution with the Prakerja account; it asks who it is `after` so long.

        It may call itself by another `client` id, or show another access `token` than it was given.
        """
        who = self._who(person).shown
        path = self._ask("institution", "POST", f"/{institution}/login", {"scope": scope})["path"]
        fields = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
        browser = Browser(self._wires.transport("prakerja"))
        browser.open(path)
        browser.log_in(who, fields)
        browser.press("allow" if agree else "deny", fields)
        back = parse_qs(urlsplit(browser.sent_to).query)
        if "code" not in back:
            raise Refused(Reason.LOGIN_REFUSED, f"the browser was sent to {browser.sent_to}")
        if after is not None:
            self.advance(by=after)
        said = {name: value for name, value in (("client_id", client), ("token", token)) if value != "right"}
        body = {"code": back["code"][0], **said}
        for _ in range(times):
            told = self._ask("institution", "POST", f"/{institution}/login/return", body)
            if told["name"] != who["name"]:
                raise AssertionError(f"the institution was told {told}")

    def pre_test(self, *, score: int = 55, person: str = "peserta") -> None:
        """Take the pre-test."""
        self._learn(person, "/pre-test", {"score": score})

    def study(self, *, lessons: int = 4, person: str = "peserta") -> None:
        """Finish lessons."""
        for _ in range(lessons):
            self._learn(person, "/lessons", None)

    def finish(self, *, score: int = 80, person: str = "peserta") -> None:
        """Take the final test; the institution certifies and reports."""
        self._learn(person, "/final-test", {"score": score})

    def register_at_institution(
        self, *, password: str = "kopi-susu-gula", institution: str = "lp-kopi", person: str = "peserta"
    ) -> None:
        """Open an account at the institution's site."""
        who = self._who(person).shown
        body = {"email": who["email"], "name": who["name"], "password": password}
        self._ask("institution", "POST", f"/{institution}/accounts", body)

    def enter_institution(
        self, *, password: str = "kopi-susu-gula", institution: str = "lp-kopi", person: str = "peserta"
    ) -> None:
        """Log in at the institution's site; the account must be one's own."""
        at = f"/{institution}/accounts"
        body = {"email": self._who(person).shown["email"], "password": password}
        token = self._ask("institution", "POST", f"{at}/login", body)["token"]
        mine = self._ask("institution", "GET", f"{at}/me", headers={"Authorization": f"Bearer {token}"})
        if mine["name"] != self._who(person).shown["name"]:
            raise AssertionError(f"the account is {mine}")

    def forget_password(self, *, institution: str = "lp-kopi", person: str = "peserta") -> None:
        """Ask the institution's site for a link to a new password."""
        body = {"email": self._who(person).shown["email"]}
        self._ask("institution", "POST", f"/{institution}/accounts/forgotten", body)

    def set_password(
        self,
        *,
        password: str,
        link: str = "newest",
        institution: str = "lp-kopi",
        person: str = "peserta",
    ) -> None:
        """Set a new password with the `newest` or the `oldest` link in the mail."""
        mails = self._ask("__admin", "GET", f"/inbox/mail?to={self._who(person).shown['email']}")["messages"]
        links = [one["text"].partition("kode=")[2].split()[0] for one in mails if "kode=" in one["text"]]
        if not links:
            raise AssertionError("no link to a new password in the mail")
        body = {"code": links[0 if link == "oldest" else -1], "password": password}
        self._ask("institution", "POST", f"/{institution}/accounts/password", body)

    def correct_name(self, *, person: str = "peserta") -> None:
        """Have the institution write the name as it stands at Prakerja; `finish` reports again."""
        self._learn(person, "/name", {"name": self._who(person).shown["name"]})

    # The dashboard

    def earn(
        self, *, course: str = "barista-dasar", rated: str = "dashboard", person: str = "peserta"
    ) -> None:
        """Buy, learn, wait twenty days for the certificate; rate on the `dashboard` or the `marketplace`."""
        self.buy(course=course, person=person)
        self.enter_card(person=person)
        self.enter_otp(person=person)
        self.redeem(person=person)
        self.pre_test(person=person)
        self.study(person=person)
        self.finish(person=person)
        self.advance(by=timedelta(days=20))
        if rated == "marketplace":
            self.write_review(person=person)
        else:
            self.rate(person=person)

    def rate(self, *, stars: int = 5, review: str = "Bermanfaat", person: str = "peserta") -> None:
        """Give stars and a review on the dashboard."""
        mine = [t for t in self._trainings(person) if t["course_code"] == self._who(person).course]
        path = f"/trainings/{mine[-1]['transaction_code']}/review"
        self._dashboard(person, "POST", path, {"stars": stars, "review": review})

    def open_wallet(
        self,
        *,
        partner: str | None = None,
        nik: str = "right",
        name: str = "right",
        phone: str = "right",
        upgraded: bool = True,
        active: bool = True,
        currency: str = "IDR",
        monthly_limit: Rupiah | None = None,
        person: str = "peserta",
    ) -> None:
        """Open an account at a partner, or change the one there: `right` is the person's own."""
        who = self._who(person)
        said = {"nik": nik, "name": name, "phone": phone}
        whose = {key: who.shown[key] if value == "right" else value for key, value in said.items()}
        state = {"upgraded": upgraded, "active": active, "currency": currency}
        limit = monthly_limit.amount if monthly_limit is not None else None
        account = self._account(who, partner)
        body = {"number": account["number"], **whose, **state, "monthly_limit": limit}
        self._ask("payout", "POST", f"/{account['partner']}/accounts", body)
        who.accounts[account["partner"]] = account["number"]

    def switch_partner(self, *, outcome: str, partner: str | None = None, person: str = "peserta") -> None:
        """From now on the person's payment partner, or that one, does so with every instruction."""
        code = self._account(self._who(person), partner)["partner"]
        self._ask("payout", "POST", f"/{code}/outcome", {"outcome": outcome})

    def link_account(
        self, *, otp: str = "right", partner: str | None = None, person: str = "peserta"
    ) -> None:
        """Link the person's account, or the one at another partner, with its own OTP."""
        who = self._who(person)
        before = self._messages(who)
        account = self._account(who, partner)
        self._dashboard(person, "POST", "/account", account)
        sent = self._otp(who, after=before)
        self._dashboard(person, "POST", "/account/confirm", {"otp": sent if otp == "right" else otp})
        if who.shown["account"] is not None:
            who.accounts[who.shown["account"]["partner"]] = who.shown["account"]["number"]
        who.shown = {**who.shown, "account": account}

    def unlink_account(self, *, person: str = "peserta") -> None:
        """Let go of the linked account."""
        self._dashboard(person, "DELETE", "/account")

    def change_phone(self, *, phone: str, otp: str = "right", person: str = "peserta") -> None:
        """Change the phone number on the dashboard; the new phone gets the OTP."""
        who = self._who(person)
        self._dashboard(person, "POST", "/phone", {"phone": phone})
        sent = str(self._ask("__admin", "GET", f"/inbox/sms?to={phone}")["otp"] or "")
        self._dashboard(person, "POST", "/phone/confirm", {"otp": sent if otp == "right" else otp})
        who.shown = {**who.shown, "phone": phone}

    def fill_survey(self, *, number: int, person: str = "peserta") -> None:
        """Fill in a survey."""
        self._dashboard(person, "POST", f"/surveys/{number}", {"answers": ["ya"]})

    # What must be so

    def expect(
        self,
        *,
        balance: Rupiah | None = None,
        charges: int | None = None,
        returned: Rupiah | None = None,
        membership: str | None = None,
        order: str | None = None,
        total: Rupiah | None = None,
        training: str | None = None,
        task: str | None = None,
        ticket: str | None = None,
        complaint: str | None = None,
        received: list[str] | None = None,
        outbox: list[str] | None = None,
        incentives: list[str] | None = None,
        wallet: Rupiah | None = None,
        notice: str | None = None,
        next_step: str | None = None,
        delivered: Rupiah | None = None,
        owed: Rupiah | None = None,
        treasury: Rupiah | None = None,
        seats: int | None = None,
        person: str = "peserta",
    ) -> None:
        """Say how things stand: money, membership, order, training, incentives, seats."""
        asked = {**locals()}
        del asked["self"], asked["person"]
        wrong = []
        for name, expected in asked.items():
            if expected is not None:
                found = getattr(self, f"_{name}_now")(person)
                if found != expected:
                    wrong.append(f"{name} is {found}, expected {expected}")
        if wrong:
            raise AssertionError("; ".join(wrong))

    # What the runner asks

    def check(self) -> list[str]:
        """The broken invariants."""
        found: list[str] = self._ask("__admin", "GET", "/invariants")["violations"]
        return found

    def errors(self) -> list[str]:
        """What went wrong in the simulator itself since the last time."""
        bugs: list[str] = self._ask("__admin", "GET", "/bugs")["bugs"]
        new, self._bugs = bugs[self._bugs :], len(bugs)
        return new

    def digest(self) -> str:
        """The sandbox's digest."""
        return str(self._ask("__admin", "GET", "/digest")["digest"])

    # How `expect` finds out

    def _balance_now(self, person: str) -> Rupiah:
        return Rupiah(self._dashboard(person, "GET", "/profile")["balance"])

    def _membership_now(self, person: str) -> str:
        return str(self._dashboard(person, "GET", "/profile")["status"])

    def _moved(self, person: str, event: str) -> list[int]:
        account = f"card:{self._who(person).card}"
        transfers = self._ask("__admin", "GET", "/ledger?limit=1000")["transfers"]
        return [t["amount"] for t in transfers if t["event"] == event and t["source"] == account]

    def _charges_now(self, person: str) -> int:
        return len(self._moved(person, "purchase"))

    def _returned_now(self, person: str) -> Rupiah:
        return Rupiah(sum(self._moved(person, "lapse")))

    def _order_now(self, person: str) -> str:
        who = self._who(person)
        return str(self._shop(who.shopper.order, who.order).status)

    def _total_now(self, person: str) -> Rupiah:
        who = self._who(person)
        return Rupiah(self._shop(who.shopper.order, who.order).total)

    def _training_now(self, person: str) -> str:
        trainings = self._trainings(person)
        return str(trainings[-1]["status"]) if trainings else "Belum membeli pelatihan"

    def _task_now(self, person: str) -> str:
        body = {"redeem_code": self._redeem_code(person)}
        told = self._learn(person, "/tasks", body)
        return f"assignment {told['assignment']['status']}, feedback {told['feedback']['status']}"

    def _ticket_now(self, person: str) -> str:
        who = self._who(person)
        mine = self._shop(who.shopper.tickets, who.order)
        return next(str(one.status) for one in mine if one.ticket == who.ticket)

    def _complaint_now(self, person: str) -> str:
        return str(self._complaints(person)[0]["status"])

    def _received_now(self, person: str) -> list[str]:
        order = self._who(person).order
        arrived = self._ask("__admin", "GET", "/inbox/webhooks")["messages"]
        mine = {one["webhook"] for one in self._outbox(order)}
        return [str(one["event"]) for one in arrived if one["webhook"] in mine]

    def _outbox_now(self, person: str) -> list[str]:
        return [f"{one['event']} {one['status']}" for one in self._outbox(self._who(person).order)]

    def _incentives_now(self, person: str) -> list[str]:
        rows = self._dashboard(person, "GET", "/incentives")["incentives"]
        return [f"{row['slot']} {row['status']}" for row in rows]

    def _wallet_now(self, person: str) -> Rupiah:
        account = self._account(self._who(person), None)
        statement = self._ask("payout", "GET", f"/{account['partner']}/accounts/{account['number']}")
        return Rupiah(statement["balance"])

    def _notice_now(self, person: str) -> str:
        """The newest notice's label and slot, or that there is none."""
        notices = self._dashboard(person, "GET", "/notices")["notices"]
        return f"{notices[-1]['slot']} {notices[-1]['label']}" if notices else "none"

    def _next_step_now(self, person: str) -> str:
        """What the first row that is not paid says is to be done."""
        rows = self._dashboard(person, "GET", "/incentives")["incentives"]
        return next((str(row["next"]) for row in rows if row["paid_at"] is None), "")

    def _holds(self, account: str) -> Rupiah:
        accounts = self._ask("__admin", "GET", "/ledger?limit=1")["accounts"]
        return Rupiah(sum(one["balance"] for one in accounts if one["account"] == account))

    def _delivered_now(self, person: str) -> Rupiah:
        return self._holds(f"incentive:{self._who(person).card}")

    def _owed_now(self, person: str) -> Rupiah:
        return self._holds(f"owed:{self._who(person).card}")

    def _treasury_now(self, person: str) -> Rupiah:
        return self._holds(f"treasury:{self._who(person).shown['wave']}")

    def _seats_now(self, person: str) -> int:
        courses = self._ask("__admin", "GET", "/courses")["courses"]
        course = self._who(person).course
        return next(int(c["quota"]) for c in courses if c["course_code"] == course)

    # How the verbs reach people and parties

    def _who(self, person: str) -> Person:
        if person not in self._people:
            raise AssertionError(f"nobody called {person} was enrolled")
        return self._people[person]

    def _signed_up(self, person: str) -> Person:
        who = self._who(person)
        if not who.signed_up:
            self.sign_up(person=person)
        return who

    def _account(self, who: Person, partner: str | None) -> dict[str, str]:
        """The person's account at a partner, or the one he uses; a new one has the phone's number."""
        used = who.shown["account"]
        code = partner or (used["partner"] if used is not None else "ovo")
        if used is not None and code == used["partner"]:
            return {"partner": code, "number": used["number"]}
        return {"partner": code, "number": who.accounts.get(code, str(who.shown["phone"]))}

    def _messages(self, who: Person) -> int:
        return len(self._texts(who.shown["phone"]))

    def _texts(self, phone: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._ask("__admin", "GET", f"/inbox/sms?to={phone}")["messages"]
        return found

    def _otp(self, who: Person, after: int) -> str:
        inbox = self._ask("__admin", "GET", f"/inbox/sms?to={who.shown['phone']}&after={after}")
        return str(inbox["otp"] or "")

    def _remember_codes(self, who: Person) -> None:
        who.codes = [
            m["otp"] for m in self._texts(who.shown["phone"]) if m["otp"] and m["sender"] == "PRAKERJA"
        ]

    def _code(self, who: Person, otp: str) -> str:
        newest = who.codes[-1] if who.codes else "000000"
        if otp == "right":
            return newest
        if otp == "old":
            return who.codes[-2]
        return str((int(newest) + 1) % 10 ** len(newest)).zfill(len(newest)) if otp == "wrong" else otp

    def _shop(self, act: Any, *arguments: Any) -> Any:
        try:
            return act(*arguments)
        except SiteRefused as refusal:
            raise Refused.either(self._wires.reasons(refusal.code), refusal.said) from None
        except NoReply as silence:
            raise Refused("no_reply", str(silence)) from None

    def _trainings(self, person: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._dashboard(person, "GET", "/trainings")["trainings"]
        return found

    def _complaints(self, person: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._dashboard(person, "GET", "/complaints")["complaints"]
        return found

    def _outbox(self, order: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._ask("__admin", "GET", "/webhooks")["webhooks"]
        return [one for one in found if not order or one["about"] == order]

    def _webhook(self, event: str) -> str:
        return str(next(one["webhook"] for one in reversed(self._outbox("")) if one["event"] == event))

    def _mailed(self, who: Person, label: str) -> str:
        """What the newest e-mail says behind a label."""
        mails = self._ask("__admin", "GET", f"/inbox/mail?to={who.shown['email']}")["messages"]
        lines = [line for mail in mails for line in mail["text"].splitlines() if line.startswith(label)]
        return lines[-1].removeprefix(label) if lines else ""

    def _redeem_code(self, person: str) -> str:
        mine = [t for t in self._trainings(person) if t["course_code"] == self._who(person).course]
        return str(mine[-1]["redeem_code"])

    def _learn(self, person: str, what: str, body: Any) -> Any:
        who = self._who(person)
        path = f"/{who.institution or 'lp-kopi'}/vouchers/{who.voucher}{what}"
        return self._ask("institution", "POST", path, body)

    def _dashboard(self, person: str, method: str, path: str, body: Any = None) -> Any:
        token = {"Authorization": f"Bearer {self._who(person).token}"}
        return self._ask("prakerja", method, f"/dashboard{path}", body, token).get("data")

    def _ask(
        self, party: str, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Any:
        raw = orjson.dumps(body) if body is not None else b""
        sent = {"Content-Type": "application/json", **(headers or {})}
        try:
            answer = self._wires.transport(party).send(method, path, sent, raw)
        except NoReply as silence:
            raise Refused("no_reply", str(silence)) from None
        told = answer.json()
        if answer.status >= 400:
            code, said = _said(told)
            raise Refused.either(reasons(code), f"{party} answers {answer.status} {code}: {said}")
        return told


def _said(told: Any) -> tuple[str, str]:
    """Code and message of a refusal in the plain envelope or in Prakerja's."""
    error = told.get("error", told)
    return str(error.get("code", "")), str(error.get("message", ""))

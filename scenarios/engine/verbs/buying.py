"""What a person does at the marketplace: account, search, purchase, voucher, review, complaints."""

from functools import partial

from prakerja_sim.mocks.shop import registry
from prakerja_sim.mocks.shop.buyer import CardCheck
from prakerja_sim.scenarios.engine import words
from prakerja_sim.scenarios.engine.at_once import at_once
from prakerja_sim.scenarios.engine.codes import codes, entered
from prakerja_sim.scenarios.engine.errors import StepRefused
from prakerja_sim.scenarios.engine.person import Person
from prakerja_sim.scenarios.engine.verbs.chapter import Chapter
from prakerja_sim.simulator.values.errors import Reason


class Buying(Chapter):
    """Verbs of the marketplace."""

    def sign_up(
        self, *, code: words.Code = "right", phone: words.Own = "right", person: str = "peserta"
    ) -> None:
        """Open an account at the marketplace and verify its phone by SMS; `right` is Prakerja's."""
        who = self._person(person)
        number = who.phone if phone == "right" else phone
        before = len(self.parties.texts(number))
        who.shop(who.shopper.sign_up, str(who.profile["name"]), number, who.email)
        sent = codes(self.parties.texts(number)[before:])
        who.shop(who.shopper.enter_phone_code, entered(code, sent))
        who.signed_up = True

    def search(self, *, words: str, finds: str, person: str = "peserta") -> None:
        """Type words into the search box; the course must be among what is found."""
        who = self._signed_up(person)
        found = [hit.course for hit in who.shop(who.shopper.search, words)]
        if finds not in found:
            raise AssertionError(f"found {found}, expected {finds}")

    def browse(self, *, category: str, institution: str, person: str = "peserta") -> None:
        """Choose a category and an institution; both must be on offer."""
        who = self._signed_up(person)
        categories = who.shop(who.shopper.categories)
        institutions = who.shop(who.shopper.institutions, category)
        if category not in categories or institution not in institutions:
            raise AssertionError(f"offered {categories} and {institutions}")

    def look(self, *, course: str, person: str = "peserta") -> None:
        """Read a course's detail: price, and how its voucher is redeemed."""
        who = self._signed_up(person)
        if not who.shop(who.shopper.look, course).redeem_steps:
            raise AssertionError("the detail does not say how the voucher is redeemed")

    def look_at_once(
        self, *, course: str, devices: int = 8, unanswered: int = 0, person: str = "peserta"
    ) -> None:
        """Open a course's page on so many devices at the same moment; so many of them get no answer."""
        who = self._signed_up(person)
        ends = at_once([partial(who.shop, who.shopper.look, course)] * devices)
        lost = [one for one in ends if one is not None and one.means(Reason.NO_REPLY)]
        if len(lost) != unanswered or len(lost) != sum(one is not None for one in ends):
            said = sorted({str(one) for one in ends if one is not None})
            raise AssertionError(f"{len(lost)} devices got no answer, expected {unanswered}: {said}")

    def swap_token(self, *, course: str, person: str = "peserta") -> None:
        """Another marketplace presents the payment token and the OTP that this one was given for the card."""
        who, places = self._person(person), registry.codes()
        other = places[(places.index(self.parties.marketplace) + 1) % len(places)]
        listed = self.parties.admin("GET", "/courses")["courses"]
        run = next((one for one in listed if one["course_code"] == course), None)
        if run is None:
            raise AssertionError(f"no course {course} is listed; `list_course` first")
        before = len(who.texts())
        about = {"card": who.card, "user": who.phone, "course": course, "schedule": run["schedule_code"]}
        paid = partial(self.parties.partner(self.parties.marketplace).send_otp, amount=run["price"], **about)
        token = self.parties.asked(paid)
        otp = entered("right", codes(who.texts()[before:]))
        invoice = {"invoice_code": f"{other}-1", "invoice_url": "https://toko.example/1"}
        self.parties.asked(partial(self.parties.partner(other).authorize, token=token, otp=otp, **invoice))

    def read_reviews(self, *, course: str, stars: list[int], person: str = "peserta") -> None:
        """Read a course's reviews: these stars, the newest first."""
        who = self._signed_up(person)
        found = [review.stars for review in who.shop(who.shopper.reviews, course)]
        if found != stars:
            raise AssertionError(f"the reviews give {found}, expected {stars}")

    def buy(self, *, course: str, promo: str | None = None, person: str = "peserta") -> None:
        """Press buy: cart, promo code if any, order, and Kartu Prakerja among the payment methods."""
        who = self._signed_up(person)
        who.shop(who.shopper.add_to_cart, course)
        if promo is not None:
            who.shop(who.shopper.enter_promo, promo)
        who.order = who.shop(who.shopper.check_out)
        who.course, who.voucher, who.texts_before_order = course, "", len(who.texts())
        methods = who.shop(who.shopper.payment_methods, who.order)
        if "Kartu Prakerja" not in [name for names in methods.values() for name in names]:
            raise AssertionError(f"Kartu Prakerja is not among the payment methods: {methods}")

    def check_card(
        self, *, card: words.Card = "right", of: str | None = None, person: str = "peserta"
    ) -> None:
        """Enter a card number where the marketplace checks it before paying; no OTP is sent yet."""
        who, own = self._person(person), self._person(of or person).card
        if not isinstance(who.shopper, CardCheck):
            place = self.parties.marketplace
            raise AssertionError(f"{place} checks no card before paying; enter_card does it all")
        before = len(who.texts())
        who.shop(who.shopper.check_card, who.placed_order(), own if card == "right" else card)
        if len(who.texts()) != before:
            raise AssertionError("checking the card sent a message")

    def enter_card(
        self, *, card: words.Card = "right", of: str | None = None, person: str = "peserta"
    ) -> None:
        """Enter a card number, `right` being one's own or that `of` another; Prakerja texts the OTP."""
        who, own = self._person(person), self._person(of or person).card
        who.shop(who.shopper.enter_card, who.placed_order(), own if card == "right" else card)

    def resend_otp(self, *, person: str = "peserta") -> None:
        """Ask for another OTP."""
        who = self._person(person)
        who.shop(who.shopper.resend_otp, who.placed_order())

    def enter_otp(self, *, otp: words.Code = "right", person: str = "peserta") -> None:
        """Enter an OTP: `right` is the newest, `old` the one before it, `wrong` no such code."""
        who = self._person(person)
        texts = who.texts()[who.texts_before_order :]
        sent = codes(one for one in texts if one["sender"] == "PRAKERJA")
        if who.shop(who.shopper.enter_otp, who.placed_order(), entered(otp, sent)) == "pending":
            raise StepRefused("no_reply", "the payment is pending")

    def find_voucher(self, *, where: words.Place, person: str = "peserta") -> None:
        """Find the voucher code in the `history`, in the `order`'s own page or in the `mail`."""
        who = self._person(person)
        if where == "history":
            mine = [order for order in who.shop(who.shopper.history) if order.order == who.order]
            voucher = mine[0].voucher if mine else None
        elif where == "order":
            voucher = who.shop(who.shopper.order, who.placed_order()).voucher
        else:
            mailed = [rest.partition(": ")[2] for rest in who.mailed("Kode voucher")]
            voucher = mailed[-1] if mailed else None
        if not voucher:
            raise AssertionError(f"no voucher in the {where}")
        who.voucher = voucher

    def find_mail(self, *, subject: str, says: str = "", person: str = "peserta") -> None:
        """Find an e-mail with that subject that says so."""
        mails = self._person(person).mails()
        if not any(mail["subject"] == subject and says in mail["text"] for mail in mails):
            raise AssertionError(f"the inbox holds {[mail['subject'] for mail in mails]}")

    def resend_mail(self, *, person: str = "peserta") -> None:
        """Have the voucher's e-mail sent again."""
        who = self._person(person)
        who.shop(who.shopper.resend_mail, who.placed_order())

    def write_review(self, *, stars: int = 5, text: str = "Bagus", person: str = "peserta") -> None:
        """Write a review on the marketplace ("Tulis Ulasan")."""
        who = self._person(person)
        who.shop(who.shopper.write_review, who.placed_order(), stars, text)

    def complain(
        self, *, topic: words.ShopTopic = "refund", text: str = "Salah beli", person: str = "peserta"
    ) -> None:
        """Write to the marketplace's customer service; `refund` asks for the money back."""
        who = self._person(person)
        who.ticket = who.shop(who.shopper.complain, who.placed_order(), text, topic)

    def complain_again(self, *, text: str = "Masih belum", person: str = "peserta") -> None:
        """Say that customer service's answer did not help."""
        who = self._person(person)
        if not who.ticket:
            raise AssertionError(f"{who.called} has not complained at the marketplace; `complain` first")
        who.shop(who.shopper.complain_again, who.ticket, text)

    def recover_account(
        self,
        *,
        code: words.Code = "right",
        password: str = "Baru-12345",
        person: str = "peserta",
    ) -> None:
        """On another device, find the marketplace account again with the code that its site sends."""
        who = self._person(person)
        before = len(who.texts())
        shopper = self.parties.shopper()
        who.shop(shopper.recover, who.phone, who.email)
        sent = codes(who.texts()[before:]) or who.mailed("Kode verifikasi: ")
        who.shop(shopper.enter_recovery_code, entered(code, sent), password)
        who.shopper = shopper

    def _signed_up(self, person: str) -> Person:
        who = self._person(person)
        if not who.signed_up:
            self.sign_up(person=person)
        return who

"""What a person does on Prakerja's dashboard, and with the account that is paid into."""

from prakerja_sim.scenarios.engine import words
from prakerja_sim.scenarios.engine.codes import codes, entered
from prakerja_sim.scenarios.engine.verbs.chapter import Chapter
from prakerja_sim.simulator.values.money import Rupiah


class Dashboard(Chapter):
    """Verbs of the dashboard and of the payment partners."""

    def watch_videos(self, *, person: str = "peserta") -> None:
        """Watch the induction videos on the dashboard."""
        self._person(person).dashboard("POST", "/videos")

    def forget_prakerja_password(self, *, by: words.AccountName = "email", person: str = "peserta") -> None:
        """Press "Lupa Password" at Prakerja and name the account by its e-mail, NIK or phone."""
        body = {"account": str(self._person(person).profile[by])}
        self.parties.ask("prakerja", "POST", "/dashboard/password/forgotten", body)

    def set_prakerja_password(
        self, *, password: str, link: words.Link = "newest", person: str = "peserta"
    ) -> None:
        """Set a new password at Prakerja with the `newest` or the `oldest` link in the mail."""
        mails = [one for one in self._person(person).mails() if one["sender"] == "PRAKERJA"]
        links = [one["text"].partition("kode=")[2].split()[0] for one in mails if "kode=" in one["text"]]
        if not links:
            raise AssertionError(
                "no link to a new password in Prakerja's mail; forget_prakerja_password first"
            )
        body = {"code": links[0 if link == "oldest" else -1], "password": password}
        self.parties.ask("prakerja", "POST", "/dashboard/password", body)

    def enter_dashboard(self, *, password: str, person: str = "peserta") -> None:
        """Log in to the dashboard with a password."""
        who = self._person(person)
        login = {"email": who.email, "password": password}
        who.token = self.parties.ask("prakerja", "POST", "/dashboard/login", login)["data"]["token"]

    def rate(
        self, *, stars: int = 5, review: str = "Bermanfaat", course: str = "", person: str = "peserta"
    ) -> None:
        """Give stars and a review on the dashboard, to the course that was bought last if none is named."""
        who = self._person(person)
        path = f"/trainings/{who.training(course)['transaction_code']}/review"
        who.dashboard("POST", path, {"stars": stars, "review": review})

    def complain_to_prakerja(
        self,
        *,
        topic: words.ProgrammeTopic,
        text: str = "Mohon dibantu",
        training: bool = False,
        person: str = "peserta",
    ) -> None:
        """Fill in Prakerja's complaint form, about the latest training if asked."""
        who = self._person(person)
        trainings = who.trainings() if training else []
        if training and not trainings:
            raise AssertionError(f"{who.called} has no training; buy one first, or leave `training` out")
        about = str(trainings[-1]["transaction_code"]) if training else ""
        who.dashboard("POST", "/complaints", {"topic": topic, "text": text, "transaction_code": about})

    def complain_to_prakerja_again(self, *, text: str = "Masih belum", person: str = "peserta") -> None:
        """Say that Prakerja's answer did not help."""
        who = self._person(person)
        who.dashboard("POST", f"/complaints/{who.latest_complaint()['number']}/reopen", {"text": text})

    def open_wallet(
        self,
        *,
        partner: words.Partner | None = None,
        nik: words.Own = "right",
        name: words.Own = "right",
        phone: words.Own = "right",
        upgraded: bool = True,
        active: bool = True,
        currency: words.Currency = "IDR",
        monthly_limit: Rupiah | None = None,
        person: str = "peserta",
    ) -> None:
        """Open an account at a partner, or change the one there: `right` is the person's own."""
        who = self._person(person)
        written = {"nik": nik, "name": name, "phone": phone}
        owner = {key: who.profile[key] if value == "right" else value for key, value in written.items()}
        state = {"upgraded": upgraded, "active": active, "currency": currency}
        limit = monthly_limit.amount if monthly_limit is not None else None
        account = who.payout_account(partner)
        body = {"number": account["number"], **owner, **state, "monthly_limit": limit}
        self.parties.ask("payout", "POST", f"/{account['partner']}/accounts", body)
        who.accounts[account["partner"]] = account["number"]

    def link_account(
        self, *, otp: words.Code = "right", partner: words.Partner | None = None, person: str = "peserta"
    ) -> None:
        """Link the person's account, or the one at another partner, with its own OTP."""
        who = self._person(person)
        before, account = len(who.texts()), who.payout_account(partner)
        who.dashboard("POST", "/account", account)
        sent = codes(who.texts()[before:])
        who.dashboard("POST", "/account/confirm", {"otp": entered(otp, sent)})
        used = who.profile["account"]
        if used is not None:
            who.accounts[used["partner"]] = used["number"]
        who.profile = {**who.profile, "account": account}

    def unlink_account(self, *, person: str = "peserta") -> None:
        """Let go of the linked account."""
        self._person(person).dashboard("DELETE", "/account")

    def change_phone(self, *, phone: str, otp: words.Code = "right", person: str = "peserta") -> None:
        """Change the phone number on the dashboard; the new phone gets the OTP."""
        who = self._person(person)
        before = len(self.parties.texts(phone))
        who.dashboard("POST", "/phone", {"phone": phone})
        texts = self.parties.texts(phone)
        who.dashboard("POST", "/phone/confirm", {"otp": entered(otp, codes(texts[before:]))})
        who.profile = {**who.profile, "phone": phone}
        who.texts_before_order = len(texts)  # on the new phone

    def fill_survey(self, *, number: int, person: str = "peserta") -> None:
        """Fill in a survey."""
        self._person(person).dashboard("POST", f"/surveys/{number}", {"answers": ["ya"]})

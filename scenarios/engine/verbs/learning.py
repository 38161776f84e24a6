"""What a person does at the institution: redeem, attend, learn, be certified; log in with Prakerja."""

from datetime import datetime, timedelta
from functools import partial
from urllib.parse import parse_qs, urlsplit

from prakerja_sim.mocks.shop.buyer import Certified, Host
from prakerja_sim.scenarios.engine import words
from prakerja_sim.scenarios.engine.at_once import at_once
from prakerja_sim.scenarios.engine.errors import StepRefused
from prakerja_sim.scenarios.engine.verbs.admin import Admin
from prakerja_sim.scenarios.engine.verbs.buying import Buying
from prakerja_sim.simulator.values.errors import Reason


class Learning(Admin, Buying):
    """Verbs of the institution."""

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
        who = self._person(person)
        if voucher is None and not who.voucher:
            self.find_voucher(where="history", person=person)
        body = {
            "voucher_code": voucher or who.voucher,
            "marketplace": self.parties.marketplace,
            "email": email or who.email,
            "name": name or who.profile["name"],
        }
        self.parties.ask("institution", "POST", f"/{institution}/vouchers/redeem", body)
        who.institution = institution

    def redeem_at_once(
        self, *, times: int = 8, institution: str = "lp-kopi", person: str = "peserta"
    ) -> None:
        """Press redeem so many times at the same moment; the first one opens the class, each shows it."""
        who = self._person(person)
        if not who.voucher:
            self.find_voucher(where="history", person=person)
        presses = [partial(self.redeem, institution=institution, person=person)] * times
        refused = sorted({str(refusal) for refusal in at_once(presses) if refusal is not None})
        if refused:
            raise AssertionError(f"some presses were refused: {'; '.join(refused)}")

    def start_class(self, *, person: str = "peserta") -> None:
        """Open a class that the marketplace holds itself, which needs no voucher."""
        who = self._person(person)
        if not isinstance(who.shopper, Host):
            raise AssertionError(f"{self.parties.marketplace} holds no classes itself; redeem the voucher")
        who.voucher = who.shop(who.shopper.start_class, who.placed_order())
        who.institution = self.parties.marketplace

    def find_certificates(self, *, out: list[words.Issuer], person: str = "peserta") -> None:
        """See at the marketplace whose certificates are out."""
        who = self._person(person)
        if not isinstance(who.shopper, Certified):
            raise AssertionError(f"{self.parties.marketplace} shows no certificates")
        found = who.shop(who.shopper.certificates, who.placed_order())
        if sorted(out) != sorted(issuer for issuer, is_out in found.items() if is_out):
            raise AssertionError(f"the certificates are {found}")

    def attest(self, *, person: str = "peserta") -> None:
        """Give the institution the redeem code of the dashboard; it commits it at Prakerja."""
        who = self._person(person)
        who.learn("/redeem-code", {"redeem_code": who.redeem_code()})

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
        who = self._person(person)
        shown = code or self._person(of or person).redeem_code()
        opened = who.learn("/attendance", {"redeem_code": shown, "sequence": sequence, "email": email})
        who.verification = str(opened["url"]).partition("/prakerja")[2]

    def show_face(
        self, *, outcome: words.Face = "success", login: str | None = None, person: str = "peserta"
    ) -> None:
        """Go through Prakerja's pages: `success`, `no_match`, `camera_refused` or `abandoned`."""
        who = self._person(person)
        address = who.verification
        if not address:
            raise AssertionError(f"{who.called} has no address to go to; `open_verification` first")
        state = {"state": address.partition("state=")[2]}
        browser = self.parties.browser()
        browser.open(address)
        browser.log_in(self._person(login or person).profile, state)
        browser.press("consent", state)
        browser.press("scan", {**state, "outcome": outcome})
        if not browser.sent_to.endswith(f"?state={state['state']}"):
            raise AssertionError(f"the browser was sent to {browser.sent_to!r}, not back to the institution")

    def enter_class(self, *, sequence: int = 1, person: str = "peserta") -> None:
        """The institution asks Prakerja whether the person was seen, and lets him in if so."""
        who = self._person(person)
        who.learn("/attendance/return", {"redeem_code": who.redeem_code(), "sequence": sequence})

    def attend(self, *, sequence: int = 1, outcome: words.Face = "success", person: str = "peserta") -> None:
        """Show one's face at Prakerja for a meeting, and be let in."""
        self.open_verification(sequence=sequence, person=person)
        self.show_face(outcome=outcome, person=person)
        self.enter_class(sequence=sequence, person=person)

    def report_attendance(
        self, *, sequence: int = 1, result: words.BulkResult = "SUCCESS", person: str = "peserta"
    ) -> None:
        """The institution reports by CSV that everybody who bought the person's course attends now.

        `result` is what Prakerja must say of the file.
        """
        who = self._person(person)
        course = self.parties.admin("GET", "/courses")["courses"]
        schedule = next((one["schedule_code"] for one in course if one["course_code"] == who.course), None)
        if schedule is None:
            raise AssertionError(f"{who.called} has bought no course; buy and pay one first")
        at = datetime.fromisoformat(self.parties.admin("GET", "/clock")["now"])
        buyers = [one for one in self.people.values() if one.course == who.course]
        lines = [f"{one.redeem_code()},{sequence},{at:%d/%m/%Y %H:%M:%S}" for one in buyers]
        file = "\r\n".join(["redeem_code,sequence,attended_at", *lines])
        path = f"/{who.institution or 'lp-kopi'}/attendance-reports"
        answer = self.parties.ask("institution", "POST", path, {"schedule_code": schedule, "csv": file})
        if answer["result"] != result:
            raise AssertionError(f"the file's result is {answer}")

    def submit_task(
        self,
        *,
        scope: words.TaskScope = "tpm",
        sequence: int = 1,
        file: str = "https://lp.example/tugas.pdf",
        code: str | None = None,
        of: str | None = None,
        person: str = "peserta",
    ) -> None:
        """The institution hands in the person's practical task, under a `code` or that `of` another."""
        shown = code or self._person(of or person).redeem_code()
        body = {"redeem_code": shown, "scope": scope, "sequence": sequence}
        self._person(person).learn("/tasks", {**body, "url_file": file})

    def give_feedback(
        self,
        *,
        scope: words.TaskScope = "tpm",
        sequence: int = 1,
        notes: str = "Rapi",
        of: str | None = None,
        person: str = "peserta",
    ) -> None:
        """The institution marks a practical task, of the person or `of` another."""
        shown = self._person(of or person).redeem_code()
        body = {"redeem_code": shown, "scope": scope, "sequence": sequence}
        self._person(person).learn("/feedback", {**body, "notes": notes})

    def log_in(
        self,
        *,
        institution: str = "lp-kopi",
        scope: words.Scopes = "name email",
        agree: bool = True,
        after: timedelta | None = None,
        times: int = 1,
        client: words.Own = "right",
        token: words.Own = "right",
        person: str = "peserta",
    ) -> None:
        """Log in at an institution with the Prakerja account; it asks who it is `after` so long.

        It may call itself by another `client` id, or show another access `token` than it was given.
        """
        profile = self._person(person).profile
        path = self.parties.ask("institution", "POST", f"/{institution}/login", {"scope": scope})["path"]
        fields = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
        browser = self.parties.browser()
        browser.open(path)
        browser.log_in(profile, fields)
        browser.press("allow" if agree else "deny", fields)
        back = parse_qs(urlsplit(browser.sent_to).query)
        if "code" not in back:
            raise StepRefused(Reason.LOGIN_REFUSED, f"the browser was sent to {browser.sent_to}")
        if after is not None:
            self.advance(by=after)
        false = {name: value for name, value in (("client_id", client), ("token", token)) if value != "right"}
        body = {"code": back["code"][0], **false}
        for _ in range(times):
            account = self.parties.ask("institution", "POST", f"/{institution}/login/return", body)
            if account["name"] != profile["name"]:
                raise AssertionError(f"the institution was told {account}")

    def pre_test(self, *, score: int = 55, person: str = "peserta") -> None:
        """Take the pre-test."""
        self._person(person).learn("/pre-test", {"score": score})

    def study(self, *, lessons: int = 4, person: str = "peserta") -> None:
        """Finish lessons."""
        for _ in range(lessons):
            self._person(person).learn("/lessons")

    def finish(self, *, score: int = 80, person: str = "peserta") -> None:
        """Take the final test; the institution certifies and reports."""
        self._person(person).learn("/final-test", {"score": score})

    def register_at_institution(
        self, *, password: str = "kopi-susu-gula", institution: str = "lp-kopi", person: str = "peserta"
    ) -> None:
        """Open an account at the institution's site."""
        who = self._person(person)
        body = {"email": who.email, "name": who.profile["name"], "password": password}
        self.parties.ask("institution", "POST", f"/{institution}/accounts", body)

    def enter_institution(
        self, *, password: str = "kopi-susu-gula", institution: str = "lp-kopi", person: str = "peserta"
    ) -> None:
        """Log in at the institution's site; the account must be one's own."""
        who, accounts = self._person(person), f"/{institution}/accounts"
        body = {"email": who.email, "password": password}
        token = self.parties.ask("institution", "POST", f"{accounts}/login", body)["token"]
        login = {"Authorization": f"Bearer {token}"}
        account = self.parties.ask("institution", "GET", f"{accounts}/me", headers=login)
        if account["name"] != who.profile["name"]:
            raise AssertionError(f"the account is {account}")

    def forget_password(self, *, institution: str = "lp-kopi", person: str = "peserta") -> None:
        """Ask the institution's site for a link to a new password."""
        body = {"email": self._person(person).email}
        self.parties.ask("institution", "POST", f"/{institution}/accounts/forgotten", body)

    def set_password(
        self,
        *,
        password: str,
        link: words.Link = "newest",
        institution: str = "lp-kopi",
        person: str = "peserta",
    ) -> None:
        """Set a new password with the `newest` or the `oldest` link in the mail."""
        mails = self._person(person).mails()
        links = [one["text"].partition("kode=")[2].split()[0] for one in mails if "kode=" in one["text"]]
        if not links:
            raise AssertionError("no link to a new password in the mail")
        body = {"code": links[0 if link == "oldest" else -1], "password": password}
        self.parties.ask("institution", "POST", f"/{institution}/accounts/password", body)

    def correct_name(self, *, person: str = "peserta") -> None:
        """Have the institution write the name as it stands at Prakerja; `finish` reports again."""
        who = self._person(person)
        who.learn("/name", {"name": who.profile["name"]})

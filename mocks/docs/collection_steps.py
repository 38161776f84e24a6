"""What the collections ask for, in order, and what each answer must be; the same for every program.

A check is JavaScript over `status` and `answer` (the body), with `test` and `expect`, which Postman and Bruno
both have; `keep(name, value)` keeps a variable for the requests that follow.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from prakerja_sim.mocks.http.describe import Example
from prakerja_sim.mocks.prakerja.described import ATTEND, CARD, SCHEDULE, TEST_CODE
from prakerja_sim.mocks.prakerja.fields import API
from prakerja_sim.mocks.prakerja.server import FACE

ADMIN, JSON = "/__admin", {"Content-Type": "application/json"}
OPERATION = {"Authorization": "Bearer {{admin_token}}"}
WITH_TOKEN = {"Authorization": "Payment {{payment_token}}"}
COURSE, INVOICE = "barista-dasar", "INV-{{card}}"
PREPARED = {
    CARD: "{{card}}",
    SCHEDULE: "{{schedule_code}}",
    TEST_CODE: "{{test_code}}",
    ATTEND["email"]: "peserta-{{card}}@example.id",
}
"""What an example names of the default sandbox, and the variable that names it in any sandbox."""


@dataclass(frozen=True, slots=True)
class Step:
    """One request and its checks."""

    name: str
    method: str
    path: str
    check: str
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] | None = None

    @property
    def raw(self) -> str | None:
        """The body as it is sent; the price is a number, whose variable therefore stands without quotes."""
        if self.body is None:
            return None
        return json.dumps(dict(self.body), indent=2).replace('"{{price}}"', "{{price}}")


@dataclass(frozen=True, slots=True)
class Folder:
    """Requests that are run one after the other."""

    name: str
    code: str
    """The name of its directory."""
    steps: tuple[Step, ...]


def folders() -> tuple[Folder, ...]:
    """A whole purchase, then each endpoint by its examples; each folder can be run alone, and again."""
    endpoints = (_enrolled(), _course(), _test_code(), *_examples())
    return Folder("A whole purchase", "purchase", _purchase()), Folder(
        "Each endpoint", "endpoints", endpoints
    )


def _purchase() -> tuple[Step, ...]:
    return *_asked_for(), *_paid_with_its_code(), *_shown()


def _asked_for() -> tuple[Step, ...]:
    order = {
        "prakerja_id": "{{card}}",
        "user_platform_id": "user-{{card}}",
        "course_code": COURSE,
        "schedule_code": "{{schedule_code}}",
        "amount": "{{price}}",
    }
    schedule = {"course_code": COURSE, "schedule_code": "{{schedule_code}}"}
    return (
        _enrolled(),
        _course(),
        _admin(
            "May the participant buy the course?",
            f"/eligibility?person={{{{card}}}}&course={COURSE}",
            _says("every rule holds", "[answer.may_buy, answer.reason]", "[true, null]"),
        ),
        _balance("What the card holds before", 'keep("balance", held);'),
        _signed(
            "Seats left in the schedule",
            "/payment/quota-schedule",
            schedule,
            _says("there is a seat", "answer.data.quota > 0", "true"),
        ),
        _signed(
            "Send the OTP",
            "/payment/send-otp",
            order,
            'keep("payment_token", answer.data.payment_token);',
        ),
    )


def _paid_with_its_code() -> tuple[Step, ...]:
    return (
        _signed(
            "Authorize with a wrong OTP",
            "/payment/authorize",
            _paid("salah!"),
            _says("the OTP is wrong", "answer.code", '"ERRPLT40094"'),
            status=400,
        ),
        _admin(
            "Read the OTP from the phone",
            "/inbox/sms?to={{phone}}&otp=true",
            _says("a code came", "/^[0-9]+$/.test(answer.otp)", "true") + '\nkeep("otp", answer.otp);',
        ),
        _signed(
            "Authorize",
            "/payment/authorize",
            _paid("{{otp}}"),
            _says("this invoice is paid", "answer.data.invoice_code", '"INV-" + variable("card")'),
        ),
        _signed(
            "Status of the payment",
            "/payment/status",
            {"invoice_code": INVOICE},
            _says("it succeeded", "answer.data.status", '"SUCCESS"'),
        ),
        _balance(
            "What the card holds after",
            'test("the card paid the price", () => {\n'
            '  expect(held).to.equal(Number(variable("balance")) - Number(variable("price")));\n});',
        ),
    )


def _shown() -> tuple[Step, ...]:
    """What participant and institution see of it."""
    return (
        _admin(
            "Read the redeem code from the dashboard",
            "/redeem-codes?person={{card}}",
            'keep("redeem_code", answer.redeem_codes[0].redeem_code);',
        ),
        _signed(
            "The institution looks at the redeem code",
            "/payment/redeem-code/status",
            {"redeem_code": "{{redeem_code}}", "sequence": 1},
            _says("it is unused", "answer.data.status", "0"),
        ),
    )


def _enrolled() -> Step:
    return _admin(
        "Enrol a participant",
        "/people",
        'const [one] = answer.people;\nkeep("card", one.prakerja_id);\nkeep("phone", one.phone);',
        {"count": 1},
        status=201,
    )


def _course() -> Step:
    return _admin(
        "Find the course",
        "/courses",
        f'const one = answer.courses.find((course) => course.course_code === "{COURSE}");\n'
        f'test("{COURSE} is on sale (a sandbox needs fill)", () => {{ expect(one).to.be.an("object"); }});\n'
        'keep("schedule_code", one.schedule_code);\nkeep("price", one.price);',
    )


def _test_code() -> Step:
    return _admin(
        "Issue a test code",
        "/test-codes",
        'keep("test_code", answer.redeem_code);',
        {"schedule_code": "{{schedule_code}}"},
        status=201,
    )


def _balance(name: str, check: str) -> Step:
    held = "const held = answer.accounts.length ? answer.accounts[0].balance : 0;\n"
    return _admin(name, "/ledger?account=card:{{card}}", held + check)


def _examples() -> Iterable[Step]:
    for (_, path), some in FACE.described.examples.items():
        if path.startswith(API):
            yield from (_example(path.removeprefix(API), one) for one in some)


def _example(path: str, one: Example) -> Step:
    body = {name: PREPARED.get(value, value) for name, value in one.body.items()}
    headers = {"Authorization": one.authorization} if one.authorization else {}
    title = f"{path[1:]}: {one.name}"
    return Step(title, "POST", API + path, _status(one.status), body, {**JSON, **headers})


def _paid(otp: str) -> dict[str, str]:
    return {"otp": otp, "invoice_url": "https://dp.example/inv/{{card}}", "invoice_code": INVOICE}


def _signed(name: str, path: str, body: Mapping[str, Any], check: str, status: int = 200) -> Step:
    token = WITH_TOKEN if path.endswith("/authorize") else {}
    return Step(name, "POST", API + path, f"{_status(status)}\n{check}", body, {**JSON, **token})


def _admin(
    name: str, path: str, check: str, body: Mapping[str, Any] | None = None, *, status: int = 200
) -> Step:
    method, kind = ("GET", {}) if body is None else ("POST", JSON)
    return Step(name, method, ADMIN + path, f"{_status(status)}\n{check}", body, {**kind, **OPERATION})


def _status(expected: int) -> str:
    return _says(f"status {expected}", "status", str(expected))


def _says(name: str, found: str, expected: str) -> str:
    return f'test("{name}", () => {{ expect({found}).to.deep.equal({expected}); }});'

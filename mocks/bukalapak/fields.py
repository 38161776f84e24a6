"""The bodies and queries that only Bukalapak has: ids and numbers as clients spell them."""

import re
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl

from pydantic import BeforeValidator, Field, StringConstraints
from werkzeug.datastructures import Authorization
from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_options_header

from prakerja_sim.mocks.http import bodies
from prakerja_sim.mocks.http.bodies import Body
from prakerja_sim.mocks.http.contacts import Email, Phone
from prakerja_sim.mocks.http.face import Call, Malformed
from prakerja_sim.mocks.http.problems import about
from prakerja_sim.mocks.shop import fields
from prakerja_sim.mocks.shop.fields import LINES, AnyId, Long, Score, Stars, Text
from prakerja_sim.mocks.shop.site import Page
from prakerja_sim.simulator.values import reason_texts

FORM = "application/x-www-form-urlencoded"
LARGEST_OFFSET = 10_000
NO_FORM = about("body", "is no form", "bukan form")
METHODS = ("sms", "whatsapp", "email")
Short = Annotated[str, StringConstraints(max_length=255, pattern=LINES)]
Username = Annotated[
    str, StringConstraints(pattern=r"^([0-9_.]{0,9}[A-Za-z][A-Za-z0-9_.]{2,29})?$", max_length=30)
]
"""A name with a letter, so that it is nobody's number; empty where none is chosen."""
Password = Annotated[str, StringConstraints(min_length=6, max_length=72, pattern=LINES)]


class NewUser(Body):
    """Whose account is to be opened."""

    name: Text
    phone: Phone
    email: Email
    password: Password
    username: Username = ""


class TfaStatus(Body):
    """The phone is to be activated."""

    state: Literal["active"]


class NewPassword(Body):
    """The account whose password was forgotten, and the new password."""

    phone: Phone
    password: Password


class NewTransaction(Body):
    """The course that is wanted, on the terms that were read."""

    course_id: AnyId
    schedule_id: AnyId | None = None
    tnc_accepted: bool = False
    voucher_code: Short = ""


class Ordered(Body):
    """A transaction by its id."""

    id: AnyId
    type: Literal["prakerja"]


class Wanted(Body):
    """A transaction by its id, or the course that is still to be ordered."""

    id: AnyId | None = None
    course_id: AnyId | None = None
    type: Literal["prakerja"]


class Promo(Body):
    """A promo code, and what it is meant for."""

    voucher_code: Short
    transactions: Annotated[list[Wanted], Field(min_length=1, max_length=1)]


class NewInvoice(Body):
    """What is to be paid, and how."""

    transactions: Annotated[list[Ordered], Field(min_length=1, max_length=1)]
    payment_type: Literal["prakerja"]


class Review(fields.Review):
    """Stars and words for a course, and perhaps a title."""

    rating: Stars
    title: Short = ""


class RefundRequest(Body):
    """The reason for which the buyer wants the money back."""

    reason: Text
    description: Long


class Complaint(Body):
    """What is wrong with a transaction; the reason `refund` asks for the money back."""

    order_id: AnyId
    topic: Text
    description: Long


class Completion(Body):
    """The person who finished, and the score."""

    name: Text
    score: Score


_YES_OR_NO = {"true": True, "1": True, "false": False, "0": False}


def _spelt(value: Any) -> Any:
    return _YES_OR_NO.get(value.lower(), value) if isinstance(value, str) else value


class Opinion(Body):
    """Whether a buyer is content, in any of the clients' spellings, and why."""

    positive: Annotated[bool, BeforeValidator(_spelt)]
    body: Long


class Feedback(Body):
    """A feedback, under its own name."""

    feedback: Opinion


def page(call: Call, rows: list[Any]) -> Page[Any]:
    """The part of a list that the query's `limit` and `offset` mean; raises Malformed."""
    limit, offset = number_of(call, "limit", 20, 1, 100), number_of(call, "offset", 0, 0, LARGEST_OFFSET)
    return Page(rows[offset : offset + limit], offset, limit, len(rows), "")


def queried(call: Call, name: str) -> str:
    """A value of the query, empty if it is not there; raises Malformed."""
    value = call.query.get(name, "")
    if not re.fullmatch(r"[^\x00-\x1f]{0,255}", value):
        raise Malformed(
            about(
                name,
                "at most 255 characters, none of them a control character",
                "maksimal 255 karakter tanpa karakter kontrol",
            )
        )
    return value


def one_of(name: str, words: Iterable[str]) -> reason_texts.Text:
    """The problem that a value is none of some words."""
    some = ", ".join(words)
    return about(name, f"one of {some}", f"salah satu dari {some}")


def otp_key(call: Call) -> str:
    """The OTP in the headers, empty if there is none; raises Malformed."""
    key = call.headers.get("Bukalapak-OTP-Key", "").strip()
    if not re.fullmatch(r"[\x21-\x7e]{0,64}", key):
        raise Malformed(
            about(
                "Bukalapak-OTP-Key",
                "at most 64 printable characters",
                "maksimal 64 karakter yang dapat dicetak",
            )
        )
    method = call.headers.get("Bukalapak-OTP-Method", METHODS[0])
    if method not in METHODS:
        raise Malformed(one_of("Bukalapak-OTP-Method", METHODS))
    return key


def parameters(call: Call) -> Mapping[str, str]:
    """The parameters of a request wherever clients put them: query, form body, or JSON body."""
    kind, options = parse_options_header(call.headers.get("Content-Type"))
    fields: dict[str, str] = {}
    if kind == "multipart/form-data":
        try:
            _, form, _ = FormDataParser(max_form_parts=50).parse(
                BytesIO(call.raw), kind, len(call.raw), options
            )
        except ValueError:
            raise Malformed(NO_FORM) from None
        fields = form.to_dict()
    elif call.raw.lstrip()[:1] == b"{":
        loaded = bodies.loaded(call.raw)
        fields = {name: str(value) for name, value in loaded.items() if isinstance(value, str | int)}
    elif kind == FORM or call.raw:
        try:
            fields = dict(parse_qsl(call.raw.decode(), keep_blank_values=True, max_num_fields=50))
        except ValueError:
            raise Malformed(NO_FORM) from None
    return {**call.query, **fields}


def basic(call: Call) -> tuple[str, str] | None:
    """Name and password of HTTP Basic, if they were sent."""
    sent = Authorization.from_header(call.headers.get("Authorization"))
    if sent is None or sent.type != "basic":
        return None
    return sent.username or "", sent.password or ""


def number_of(call: Call, name: str, otherwise: int, least: int, most: int) -> int:
    """A whole number of the query within its bounds; raises Malformed."""
    text = call.query.get(name, str(otherwise))
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and least <= int(text) <= most):
        raise Malformed(about(name, f"from {least} to {most}", f"dari {least} sampai {most}"))
    return int(text)

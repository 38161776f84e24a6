"""Buying: send-otp, authorize, status and void, as Prakerja's partner API has them.

Money and seat move at authorize, in one unit of work; send-otp only validates and sends the
code.  Every operation gathers the facts, checks the rules, moves the state, books the money.
"""

from datetime import timedelta

from prakerja_sim.simulator.ledger import bookings, ledger
from prakerja_sim.simulator.programme import (
    catalogue,
    deadlines,
    eligibility,
    lifecycle,
    notices,
    payment_token,
    rules,
)
from prakerja_sim.simulator.programme.enrolment import subject
from prakerja_sim.simulator.programme.lifecycle import Event
from prakerja_sim.simulator.programme.records import (
    BoundAccount,
    Checkout,
    Course,
    Invoice,
    Participant,
    Payment,
    PaymentStatus,
    Schedule,
)
from prakerja_sim.simulator.programme.training_records import (
    Redeemable,
    RedeemStatus,
    Training,
    TrainingStatus,
)
from prakerja_sim.simulator.values import chance, phones
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import (
    ALPHANUMERIC,
    HEX,
    CardNumber,
    CourseCode,
    InvoiceCode,
    PartyCode,
    PaymentToken,
    RedeemCode,
    ScheduleCode,
    TransactionCode,
)
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.world import messages
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.refusals import again, check, refused, refuses
from prakerja_sim.simulator.world.store import Unit

HOUR = timedelta(hours=1)
OVER = (PaymentStatus.VOIDED, PaymentStatus.REPLACED)
"""The states of a token that is not valid any more."""


@command("payment.send_otp")
@refuses(rules.Purchase, rules.OtpRequest)
def send_otp(
    world: Unit, *, marketplace: PartyCode, card: str, user: str, course: str, schedule: str, amount: int
) -> PaymentToken:
    """Validate a purchase and send the OTP to the phone on the Prakerja account (R11).

    A second request for the same purchase, while its token is valid, keeps the token and sends
    a new code in place of the older one; the counters go on.
    """
    participant = world.get(Participant, card)
    asked = eligibility.facts(world, marketplace, participant, user, course, schedule, amount)
    check(asked, card=card, course_code=course, schedule_code=schedule)
    assert participant is not None
    key = f"{marketplace}/{user}/{card}/{schedule}"
    checkout = world.get(Checkout, key)
    sends, sent_at = (checkout.sends, checkout.sent_at) if checkout else (0, None)
    check(rules.OtpRequest(world.now, sends, sent_at, world.settings))

    world.subject = subject(participant.card)
    if checkout is None or world.now - checkout.sent_at >= timedelta(seconds=world.settings.otp_resend_wait):
        sends = 0
    payments = checkout.payments if checkout else 0
    payment = payment_token.live(world, checkout, amount)
    if payment is None:
        payment_token.supersede(world, checkout)
        payments += 1
        payment = Payment(
            PaymentToken(chance.code(HEX, 32, world.seed, "token", key, payments)),
            marketplace,
            participant.card,
            user,
            CourseCode(course),
            ScheduleCode(schedule),
            Rupiah(amount),
            PaymentStatus.AWAITING_OTP,
            "",
            world.now,
            buyer=participant.name,
        )
    otp = payment_token.otp(world, payment.token, sends)
    world.put(payment.but(otp=otp, otp_sent_at=world.now, otp_phone=participant.phone))
    world.put(Checkout(key, payment.token, payments, sends + 1, world.now))
    messages.otp_text(world, participant.phone, "PRAKERJA", otp, world.settings.otp_lifetime)
    return payment.token


@command("payment.authorize")
@refuses(Reason.TOKEN_UNKNOWN, rules.OtpEntry, Reason.INVOICE_USED, *again(rules.Purchase))
def authorize(
    world: Unit, *, marketplace: PartyCode, token: str, otp: str, invoice: str, invoice_url: str
) -> Payment:
    """Take payment for an invoice, once (R17).

    A second request with the same token, code and invoice returns the first answer and books
    nothing: a marketplace that lost the reply must be able to ask once more.  A wrong code
    is refused and counted (O5).
    """
    payment = world.get(Payment, token)
    repeated = payment_token.repeated(payment, invoice, otp)
    if payment is None or payment.marketplace != marketplace or payment.status in OVER:
        raise Rejected(Reason.TOKEN_UNKNOWN, unsaid=_why_unknown(payment, marketplace))
    if payment.status is PaymentStatus.PAID:
        if repeated:
            return payment
        raise Rejected(Reason.TOKEN_UNKNOWN, same_request=False, unsaid=_why_unknown(payment, marketplace))
    participant = world.need(Participant, payment.card)
    world.subject = subject(participant.card)
    _check_otp(world, payment, participant, otp)
    if world.get(Invoice, f"{marketplace}/{invoice}") is not None:
        raise Rejected(Reason.INVOICE_USED, invoice=invoice)
    what = (payment.user, payment.course, payment.schedule, payment.amount.amount)
    asked = eligibility.facts(world, marketplace, participant, *what)
    check(asked, card=payment.card, schedule_code=payment.schedule)

    paid = _paid(world, payment, invoice, invoice_url)
    world.put(paid)
    world.put(Invoice(f"{marketplace}/{invoice}", paid.token))
    world.put(BoundAccount(f"{marketplace}/{paid.user}", paid.card))
    world.put(_with_training(participant, paid))
    redeemable = _redeemable(world, paid)
    world.put(redeemable)
    world.put(_training(world, paid, redeemable.code))
    ledger.book(
        world, "purchase", *bookings.purchase(paid.marketplace, paid.card, paid.schedule, paid.amount)
    )
    between = (paid.marketplace, paid.institution, paid.passed_on)
    ledger.book(world, "passed_on", bookings.passed_on(*between))
    notices.bought(world, participant, paid, ledger.balance(world, bookings.card(paid.card)))
    return paid


@refuses(Reason.PAYMENT_UNKNOWN)
def status(world: Unit, *, marketplace: PartyCode, invoice: str) -> Payment:
    """The payment of an invoice, for a marketplace that lost the answer to it (V6)."""
    record = world.get(Invoice, f"{marketplace}/{invoice}")
    if record is None:
        raise Rejected(Reason.PAYMENT_UNKNOWN, invoice=invoice)
    return world.need(Payment, record.token)


@command("payment.void")
@refuses(status, Reason.TRANSACTION_UNKNOWN, Reason.ALREADY_VOIDED, Reason.VOID_AFTER_REDEEM)
def void(world: Unit, *, marketplace: PartyCode, invoice: str, transaction: str) -> None:
    """Take a paid purchase back in full, before its code is redeemed (R19).

    The institution's part goes back to the marketplace and all of it to the card; after the cut-off, on to
    the programme in the same unit of work (F42).  Who had bought a first training in time stays a member,
    and may buy another for some days (F18).
    """
    payment = status(world, marketplace=marketplace, invoice=invoice)
    if payment.transaction != transaction:
        raise Rejected(Reason.TRANSACTION_UNKNOWN, transaction=transaction)
    if payment.status is PaymentStatus.VOIDED:
        raise Rejected(Reason.ALREADY_VOIDED, transaction=transaction)
    training = world.need(Training, transaction)
    redeemable = world.need(Redeemable, training.redeem_code)
    if redeemable.status is RedeemStatus.REDEEMED or training.status is not TrainingStatus.BOUGHT:
        raise Rejected(Reason.VOID_AFTER_REDEEM, transaction=transaction)
    participant = world.need(Participant, payment.card)

    world.subject = subject(payment.card)
    undone = lifecycle.PAYMENT[payment.status, Event.VOID]
    world.put(payment.but(status=undone, voided_at=world.now))
    world.put(training.but(status=lifecycle.TRAINING[training.status, Event.VOID]))
    world.put(redeemable.but(status=lifecycle.REDEEM[redeemable.status, Event.CANCEL]))
    participant = deadlines.after_void(world, participant, transaction)
    world.put(participant)
    if payment.passed_on:
        between = (payment.marketplace, payment.institution, payment.passed_on)
        ledger.book(world, "given_back", bookings.given_back(*between))
    ledger.book(
        world, "void", *bookings.void(payment.marketplace, payment.card, payment.schedule, payment.amount)
    )
    if participant.balance_closed:
        left = ledger.balance(world, bookings.card(payment.card))
        ledger.book(world, "lapse", bookings.lapse(participant.wave, payment.card, left))
    notices.voided(world, participant, payment)


@refuses(Reason.SCHEDULE_UNKNOWN, Reason.SCHEDULE_OF_OTHER_COURSE)
def quota(world: Unit, *, course: str, schedule: str) -> int:
    """The seats left in a schedule of a course."""
    record = world.get(Schedule, schedule)
    if record is None:
        raise Rejected(Reason.SCHEDULE_UNKNOWN, schedule=schedule)
    if record.course != course:
        raise Rejected(Reason.SCHEDULE_OF_OTHER_COURSE, schedule=schedule, course=course)
    return catalogue.free_seats(world, schedule)


def _why_unknown(payment: Payment | None, marketplace: PartyCode) -> dict[str, object]:
    """What makes a token unknown to a marketplace; its answer tells nothing of it."""
    if payment is None:
        return {"token_known": False}
    return {"marketplace": marketplace, "token_of": payment.marketplace, "status": payment.status}


def _check_otp(world: Unit, payment: Payment, participant: Participant, otp: str) -> None:
    since = participant.otp_failures_since
    recent = since is not None and world.now - since < HOUR
    failures = participant.otp_failures if recent else 0
    refusal = refused(
        rules.OtpEntry(
            now=world.now,
            ended=payment.status is PaymentStatus.ENDED,
            failures_this_hour=failures,
            sent_at=payment.otp_sent_at,
            entered=otp,
            sent=payment.otp,
            settings=world.settings,
            moved=payment.otp_phone != participant.phone,
            fate=phones.fate(participant.phone, magic=world.settings.magic),
        )
    )
    if refusal is not None and refusal.reason is Reason.OTP_WRONG:
        wrong = payment.but(wrong_otps=payment.wrong_otps + 1)
        if wrong.wrong_otps >= world.settings.otp_tries:
            wrong = wrong.but(status=lifecycle.PAYMENT[payment.status, Event.EXHAUST])
        world.put(wrong)
        world.put(
            participant.but(otp_failures=failures + 1, otp_failures_since=since if recent else world.now)
        )
        raise refusal.counted(left=world.settings.otp_tries - wrong.wrong_otps)
    if refusal is not None:
        if refusal.reason is Reason.OTP_TRIES_EXHAUSTED and payment.status is not PaymentStatus.ENDED:
            refusal.over = None if since is None else lambda: since + HOUR
        raise refusal


def _paid(world: Unit, payment: Payment, invoice: str, invoice_url: str) -> Payment:
    return payment.but(
        status=lifecycle.PAYMENT[payment.status, Event.AUTHORIZE],
        invoice=InvoiceCode(invoice),
        invoice_url=invoice_url,
        transaction=TransactionCode(chance.code(ALPHANUMERIC, 16, world.seed, "transaction", payment.token)),
        paid_at=world.now,
        institution=world.need(Course, payment.course).institution,
        commission=payment.amount.percent(world.settings.commission_of(payment.marketplace)),
    )


def _with_training(participant: Participant, paid: Payment) -> Participant:
    """A participant who has bought one more training; the one that is unfinished comes first."""
    assert paid.transaction is not None
    transaction = paid.transaction
    unfinished = participant.unfinished or transaction
    return participant.but(first=participant.first or transaction, unfinished=unfinished)


def _training(world: Unit, paid: Payment, redeem_code: RedeemCode) -> Training:
    assert paid.transaction is not None and paid.invoice is not None
    return Training(
        paid.transaction,
        paid.card,
        paid.course,
        paid.schedule,
        paid.invoice,
        paid.marketplace,
        redeem_code,
        TrainingStatus.BOUGHT,
        world.now,
    )


def _redeemable(world: Unit, paid: Payment) -> Redeemable:
    assert paid.invoice is not None
    # There are 36^12 codes, so no code comes twice and no check is needed.
    code = RedeemCode(chance.code(ALPHANUMERIC, 12, world.seed, "redeem", paid.token))
    return Redeemable(
        code,
        world.need(Course, paid.course).institution,
        paid.marketplace,
        paid.course,
        paid.schedule,
        paid.invoice,
        RedeemStatus.ISSUED,
        CardNumber(paid.card),
    )

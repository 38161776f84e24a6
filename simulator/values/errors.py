"""All exceptions of the simulator, in one tree, and the reasons of refusals.

The programme says no by raising `Rejected` with a `Reason`; each party translates the reason
into its own code and language.  A reason's value is an interface: it is never renamed and never
used for something else.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum


class Reason(StrEnum):
    """Why something was refused, in the programme's words."""

    # Buying: what send-otp and authorize check.
    CARD_MALFORMED = "card_malformed"
    CARD_UNKNOWN = "card_unknown"
    CARD_INACTIVE = "card_inactive"
    COURSE_UNKNOWN = "course_unknown"
    SCHEDULE_CODES_EMPTY = "schedule_codes_empty"
    SCHEDULE_UNKNOWN = "schedule_unknown"
    SCHEDULE_OF_OTHER_COURSE = "schedule_of_other_course"
    COURSE_STARTED = "course_started"
    QUOTA_EXHAUSTED = "quota_exhausted"
    AGE_UNFIT = "age_unfit"
    EDUCATION_UNFIT = "education_unfit"
    VIDEOS_NOT_WATCHED = "videos_not_watched"
    BALANCE_CLOSED = "balance_closed"
    PREVIOUS_UNFINISHED = "previous_unfinished"
    COURSE_BOUGHT_BEFORE = "course_bought_before"
    AMOUNT_UNFIT = "amount_unfit"
    BALANCE_TOO_LOW = "balance_too_low"
    ACCOUNT_BOUND = "account_bound"
    OTP_TOO_SOON = "otp_too_soon"
    OTP_REQUESTS_EXHAUSTED = "otp_requests_exhausted"
    TOKEN_UNKNOWN = "token_unknown"
    OTP_TRIES_EXHAUSTED = "otp_tries_exhausted"
    OTP_EXPIRED = "otp_expired"
    OTP_WRONG = "otp_wrong"
    INVOICE_USED = "invoice_used"

    SIGNATURE_STALE = "signature_stale"

    # After the purchase: status and void.
    PAYMENT_UNKNOWN = "payment_unknown"
    TRANSACTION_UNKNOWN = "transaction_unknown"
    ALREADY_VOIDED = "already_voided"
    VOID_AFTER_REDEEM = "void_after_redeem"

    # The programme's redeem code.
    REDEEM_CODE_UNKNOWN = "redeem_code_unknown"
    REDEEM_CODE_OF_OTHER_INSTITUTION = "redeem_code_of_other_institution"
    REDEEM_CODE_CANCELLED = "redeem_code_cancelled"
    REDEEM_CODE_USED = "redeem_code_used"
    TRANSACTION_VOIDED = "transaction_voided"
    COURSE_TYPE_UNFIT = "course_type_unfit"
    OUTSIDE_REDEMPTION_WINDOW = "outside_redemption_window"
    NOT_A_TEST_CODE = "not_a_test_code"

    # Presence, assignments, and logging in at an institution.
    REDIRECT_UNREGISTERED = "redirect_unregistered"
    EMAIL_TAKEN = "email_taken"
    VERIFICATION_UNKNOWN = "verification_unknown"
    VERIFICATION_OVER = "verification_over"
    CONSENT_MISSING = "consent_missing"
    ACCOUNT_DIFFERS = "account_differs"
    ATTENDANCE_UNPROVED = "attendance_unproved"
    ASSIGNMENT_MISSING = "assignment_missing"
    SSO_CLIENT_MISSING = "sso_client_missing"
    SSO_CLIENT_UNKNOWN = "sso_client_unknown"
    SSO_USER_UNKNOWN = "sso_user_unknown"
    SSO_CODE_UNKNOWN = "sso_code_unknown"

    # At a marketplace.
    ACCOUNT_TAKEN = "account_taken"
    PHONE_UNKNOWN = "phone_unknown"
    PHONE_UNVERIFIED = "phone_unverified"
    CODE_WRONG = "code_wrong"
    CODE_EXPIRED = "code_expired"
    CODE_TRIES_EXHAUSTED = "code_tries_exhausted"
    PROMO_UNKNOWN = "promo_unknown"
    TERMS_NOT_ACCEPTED = "terms_not_accepted"
    FILTER_UNKNOWN = "filter_unknown"
    CART_EMPTY = "cart_empty"
    ORDER_UNKNOWN = "order_unknown"
    ORDER_CLOSED = "order_closed"
    REQUEST_REPEATED = "request_repeated"
    DEPOSIT_TOO_LOW = "deposit_too_low"
    REVIEW_TOO_EARLY = "review_too_early"
    ALREADY_REVIEWED = "already_reviewed"
    REFUND_NOT_OFFERED = "refund_not_offered"
    REFUND_TOO_LATE = "refund_too_late"
    REFUND_ASKED = "refund_asked"
    TICKET_UNKNOWN = "ticket_unknown"
    TICKET_OPEN = "ticket_open"
    ACCOUNT_UNKNOWN = "account_unknown"
    MAIL_TOO_SOON = "mail_too_soon"
    COURSE_NOT_HOSTED = "course_not_hosted"
    NO_REPLY = "no_reply"

    # The marketplace's voucher and the course it opens.
    VOUCHER_UNKNOWN = "voucher_unknown"
    VOUCHER_USED = "voucher_used"
    VOUCHER_CANCELLED = "voucher_cancelled"
    VOUCHER_LOCKED = "voucher_locked"
    VOUCHER_EXPIRED = "voucher_expired"
    VOUCHER_OF_OTHER_INSTITUTION = "voucher_of_other_institution"
    NAME_DIFFERS = "name_differs"
    ENROLMENT_UNKNOWN = "enrolment_unknown"
    PRE_TEST_MISSING = "pre_test_missing"
    COURSE_WITHDRAWN = "course_withdrawn"
    COURSE_UNFINISHED = "course_unfinished"
    TOO_LATE_TO_FINISH = "too_late_to_finish"
    REPORT_REFUSED = "report_refused"

    # On the participant's dashboard.
    LOGIN_REFUSED = "login_refused"
    RESET_LINK_OVER = "reset_link_over"
    TRAINING_UNKNOWN = "training_unknown"
    CERTIFICATE_MISSING = "certificate_missing"
    ALREADY_RATED = "already_rated"
    RATING_ELSEWHERE = "rating_elsewhere"
    RATING_CLOSED = "rating_closed"
    PARTNER_UNKNOWN = "partner_unknown"
    WALLET_UNKNOWN = "wallet_unknown"
    WALLET_INACTIVE = "wallet_inactive"
    WALLET_NOT_RUPIAH = "wallet_not_rupiah"
    WALLET_NAME_DIFFERS = "wallet_name_differs"
    WALLET_NOT_UPGRADED = "wallet_not_upgraded"
    NIK_DIFFERS = "nik_differs"
    PHONE_DIFFERS = "phone_differs"
    ALREADY_LINKED = "already_linked"
    LINK_NOT_BEGUN = "link_not_begun"
    LINK_CLOSED = "link_closed"
    NOT_LINKED = "not_linked"
    UNLINK_FIRST = "unlink_first"
    PHONE_TAKEN = "phone_taken"
    SURVEY_NOT_OPEN = "survey_not_open"
    SURVEY_CLOSED = "survey_closed"
    SURVEY_DONE = "survey_done"

    # Why an incentive is held or was not paid.
    ACCOUNT_SWITCHED = "account_switched"
    WALLET_FULL = "wallet_full"
    PAYOUT_REJECTED = "payout_rejected"
    PAYOUT_UNKNOWN = "payout_unknown"
    REFERENCE_USED = "reference_used"
    PARTNER_DOWN = "partner_down"
    PAYOUTS_CLOSED = "payouts_closed"

    # The admin API.
    WAVE_UNKNOWN = "wave_unknown"
    ALREADY_ENROLLED = "already_enrolled"
    WAVE_NOT_ANNOUNCED = "wave_not_announced"
    WAVE_OVER = "wave_over"
    ALREADY_LISTED = "already_listed"
    CLOCK_FORWARD_ONLY = "clock_forward_only"
    FAULT_UNKNOWN = "fault_unknown"
    FAULT_NOWHERE = "fault_nowhere"
    SANDBOX_TAKEN = "sandbox_taken"
    SANDBOX_UNKNOWN = "sandbox_unknown"
    SNAPSHOT_TAKEN = "snapshot_taken"
    SNAPSHOT_UNKNOWN = "snapshot_unknown"
    CLIENT_CODE_TAKEN = "client_code_taken"
    CLIENT_UNKNOWN = "client_unknown"
    PERSON_UNKNOWN = "person_unknown"
    SERVICE_UNAVAILABLE = "service_unavailable"
    WEBHOOK_UNKNOWN = "webhook_unknown"
    WEBHOOK_NOT_SO = "webhook_not_so"
    WEBHOOK_TARGET_UNKNOWN = "webhook_target_unknown"
    WEBHOOK_TARGET_REFUSED = "webhook_target_refused"


class SimulatorError(Exception):
    """What the simulator raises on purpose; anything else is a bug."""


class Rejected(SimulatorError):
    """The programme says no.

    A refusal changes nothing.  The one exception is a wrong code: with `counts=True` the
    store keeps what was put before the refusal, which is the count of tries.
    """

    def __init__(
        self,
        reason: Reason,
        *,
        counts: bool = False,
        over: Callable[[], datetime | None] | None = None,
        unsaid: Mapping[str, object] | None = None,
        **facts: object,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.counts = counts
        self.over = over
        """Says when time alone ends the refusal, None if it never does; for people, not for the wire."""
        self.facts = facts
        """What decided, limit and found, as far as the asker may be told."""
        self.rule = ""
        """The name of the rule that was broken, if a rule refused."""
        self.decided: Callable[[], Mapping[str, object]] = lambda: {**facts, **(unsaid or {})}
        """Says all that decided, also what no answer tells; it is found only when somebody looks."""

    def counted(self, **facts: object) -> "Rejected":
        """The same refusal, of which the store keeps the count."""
        self.counts, self.over, self.facts = True, None, facts
        return self

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.reason}: {facts}" if facts else str(self.reason)


class Unanswered(SimulatorError):
    """A request is not answered by whoever is at work on it."""


class Dropped(Unanswered):
    """A message is lost on its way, on purpose: its sender gets no answer; the text names what lost it."""


class SandboxStopped(SimulatorError):
    """The sandbox takes no commands any more; the message names the broken invariants."""


class WorldGone(Unanswered):
    """The sandbox was reset or dropped while somebody was at work in it; nothing of it is there any more."""


class StoreUnusable(SimulatorError):
    """The store cannot be used, or cannot keep this now; the message says why and what to do.

    Nothing was changed.
    """


class Damaged(StoreUnusable):
    """A value in the store is not what was written; `prakerja-sim ledger verify` names them all."""

"""The tables of the first release."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

APPEND_ONLY = ("entry", "transfer")


def upgrade() -> None:
    """Create everything."""
    op.create_table(
        "account",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.Column("moves", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "balance >= 0 OR name LIKE 'programme:%' OR name LIKE 'distributor:%' OR name LIKE 'catalogue:%' OR name LIKE 'unissued:%'",
            name="no_overdraft",
        ),
        sa.PrimaryKeyConstraint("sandbox", "name"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "armedfault",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.Column("point", sa.Text(), nullable=False),
        sa.Column("where", sa.Text(), nullable=False),
        sa.Column("left", sa.BigInteger(), nullable=False),
        sa.Column("spent", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("sandbox", "key"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "armedfault_by_point_spent", "armedfault", ["sandbox", "point", "spent", "key"], unique=False
    )
    op.create_table(
        "arrived",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("webhook", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("position"),
        sqlite_with_rowid=True,
    )
    op.create_index("arrived_by_target", "arrived", ["sandbox", "target"], unique=False)
    op.create_table(
        "assignment",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("redeem_code", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("url_file", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.BigInteger(), nullable=False),
        sa.Column("submissions", sa.BigInteger(), nullable=False),
        sa.Column("failed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("sandbox", "key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "attempt",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("order", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("sandbox", "key"),
        sqlite_with_rowid=False,
    )
    op.create_index("attempt_by_order", "attempt", ["sandbox", "order", "key"], unique=False)
    op.create_table(
        "boundaccount",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sandbox", "key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "cart",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("shopper", sa.Text(), nullable=False),
        sa.Column("course", sa.Text(), nullable=False),
        sa.Column("schedule", sa.Text(), nullable=False),
        sa.Column("promo", sa.Text(), nullable=True),
        sa.Column("discount", sa.BigInteger(), nullable=False),
        sa.Column("orders", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sandbox", "shopper"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "chain",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sandbox", "subject"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "checkout",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("payments", sa.BigInteger(), nullable=False),
        sa.Column("sends", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sandbox", "key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "client",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("client_code", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("sign_key", sa.Text(), nullable=False),
        sa.Column("redirect_uris", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("addresses", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sandbox", "client_code"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "clock",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("now", sa.BigInteger(), nullable=False),
        sa.Column("scale", sa.BigInteger(), nullable=False),
        sa.Column("wall", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("sandbox", "name"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "course",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("institution", sa.Text(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.BigInteger(), nullable=False),
        sa.Column("min_age", sa.BigInteger(), nullable=False),
        sa.Column("min_education", sa.BigInteger(), nullable=False),
        sa.Column("lessons", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("sandbox", "code"),
        sqlite_with_rowid=False,
    )
    op.create_index("course_by_category", "course", ["sandbox", "category", "code"], unique=False)
    op.create_index("course_by_institution", "course", ["sandbox", "institution", "code"], unique=False)
    op.create_table(
        "dropping", sa.Column("sandbox", sa.Text(), nullable=False), sa.PrimaryKeyConstraint("sandbox")
    )
    op.create_table(
        "due",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("sandbox", "key"),
        sqlite_with_rowid=False,
    )
    op.create_index("due_by_done", "due", ["sandbox", "done", "key"], unique=False)
    op.create_table(
        "enrolment",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("institution", sa.Text(), nullable=False),
        sa.Column("marketplace", sa.Text(), nullable=False),
        sa.Column("course", sa.Text(), nullable=False),
        sa.Column("learner", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("pre_test", sa.BigInteger(), nullable=True),
        sa.Column("lessons_done", sa.BigInteger(), nullable=False),
        sa.Column("post_test", sa.BigInteger(), nullable=True),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("certificate", sa.Text(), nullable=True),
        sa.Column("redeem_code", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("sandbox", "key"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "enrolment_by_course_learner", "enrolment", ["sandbox", "course", "learner", "key"], unique=False
    )
    op.create_index(
        "enrolment_by_institution_learner",
        "enrolment",
        ["sandbox", "institution", "learner", "key"],
        unique=False,
    )
    op.create_index("enrolment_by_redeem_code", "enrolment", ["sandbox", "redeem_code", "key"], unique=False)
    op.create_table(
        "entry",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("command", sa.Text(), nullable=False),
        sa.Column("arguments", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("transfers", sa.Text(), nullable=False),
        sa.Column("head", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("position"),
        sa.UniqueConstraint("sandbox", "subject", "n", name="no_fork"),
        sqlite_with_rowid=True,
    )
    op.create_table(
        "feedback",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("url_file", sa.Text(), nullable=False),
        sa.Column("given_at", sa.BigInteger(), nullable=False),
        sa.Column("submissions", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sandbox", "key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "folded",
        sa.Column("store", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "heardwebhook",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("institution", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("times", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sandbox", "key"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "heardwebhook_by_institution", "heardwebhook", ["sandbox", "institution", "key"], unique=False
    )
    op.create_table(
        "incentive",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("paid_at", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("wallet", sa.Text(), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("sandbox", "key"),
        sa.UniqueConstraint("sandbox", "card", "slot", name="slot_once"),
        sqlite_with_rowid=False,
    )
    op.create_index("incentive_by_card", "incentive", ["sandbox", "card", "key"], unique=False)
    op.create_table(
        "invoice",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sandbox", "key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "latereport",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("voucher", sa.Text(), nullable=False),
        sa.Column("institution", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("sandbox", "voucher"),
        sqlite_with_rowid=False,
    )
    op.create_index("latereport_by_done", "latereport", ["sandbox", "done", "voucher"], unique=False)
    op.create_table(
        "learner",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("institution", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("resets", sa.BigInteger(), nullable=False),
        sa.Column("reset_until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("sandbox", "key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "leased",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("dropped", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("sandbox", "name"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "linkedaccount",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("wallet", sa.Text(), nullable=False),
        sa.Column("otp", sa.Text(), nullable=False),
        sa.Column("otp_sent_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("wrong_otps", sa.BigInteger(), nullable=False),
        sa.Column("otp_phone", sa.Text(), nullable=False),
        sa.Column("blocked_until", sa.BigInteger(), nullable=True),
        sa.Column("linked_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("sandbox", "card"),
        sqlite_with_rowid=False,
    )
    op.create_index("linkedaccount_by_wallet", "linkedaccount", ["sandbox", "wallet", "card"], unique=False)
    op.create_table(
        "mail",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("position"),
        sqlite_with_rowid=True,
    )
    op.create_index("mail_by_address", "mail", ["sandbox", "address"], unique=False)
    op.create_table(
        "mark",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("voucher", sa.Text(), nullable=False),
        sa.Column("marketplace", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=False),
        sa.Column("score", sa.BigInteger(), nullable=True),
        sa.Column("marked_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("sandbox", "voucher"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "notice",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("wallet", sa.Text(), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("position"),
        sqlite_with_rowid=True,
    )
    op.create_index("notice_by_card", "notice", ["sandbox", "card"], unique=False)
    op.create_table(
        "order",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("marketplace", sa.Text(), nullable=False),
        sa.Column("shopper", sa.Text(), nullable=False),
        sa.Column("course", sa.Text(), nullable=False),
        sa.Column("schedule", sa.Text(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("discount", sa.BigInteger(), nullable=False),
        sa.Column("invoice", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("ordered_at", sa.BigInteger(), nullable=False),
        sa.Column("card", sa.Text(), nullable=True),
        sa.Column("token", sa.Text(), nullable=True),
        sa.Column("transaction", sa.Text(), nullable=True),
        sa.Column("paid_at", sa.BigInteger(), nullable=True),
        sa.Column("voucher", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("sandbox", "id"),
        sqlite_with_rowid=False,
    )
    op.create_index("order_by_course", "order", ["sandbox", "course", "id"], unique=False)
    op.create_index("order_by_shopper", "order", ["sandbox", "shopper", "id"], unique=False)
    op.create_table(
        "ownwave",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sandbox", "number"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "participant",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("nik", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("born", sa.Text(), nullable=False),
        sa.Column("education", sa.BigInteger(), nullable=False),
        sa.Column("wave", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("enrolled_at", sa.BigInteger(), nullable=False),
        sa.Column("videos_watched", sa.Boolean(), nullable=False),
        sa.Column("balance_closed", sa.Boolean(), nullable=False),
        sa.Column("first", sa.Text(), nullable=True),
        sa.Column("unfinished", sa.Text(), nullable=True),
        sa.Column("rebuy_until", sa.BigInteger(), nullable=True),
        sa.Column("otp_failures", sa.BigInteger(), nullable=False),
        sa.Column("otp_failures_since", sa.BigInteger(), nullable=True),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("sandbox", "card"),
        sqlite_with_rowid=False,
    )
    op.create_index("participant_by_email", "participant", ["sandbox", "email", "card"], unique=False)
    op.create_index("participant_by_nik", "participant", ["sandbox", "nik", "card"], unique=False)
    op.create_index("participant_by_phone", "participant", ["sandbox", "phone", "card"], unique=False)
    op.create_index("participant_by_wave", "participant", ["sandbox", "wave", "card"], unique=False)
    op.create_table(
        "partnerswitch",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("partner", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sandbox", "partner"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "pause",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sandbox", "what"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "payment",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("marketplace", sa.Text(), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("course", sa.Text(), nullable=False),
        sa.Column("schedule", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("otp", sa.Text(), nullable=False),
        sa.Column("otp_sent_at", sa.BigInteger(), nullable=False),
        sa.Column("otp_phone", sa.Text(), nullable=False),
        sa.Column("buyer", sa.Text(), nullable=False),
        sa.Column("wrong_otps", sa.BigInteger(), nullable=False),
        sa.Column("invoice", sa.Text(), nullable=True),
        sa.Column("invoice_url", sa.Text(), nullable=True),
        sa.Column("transaction", sa.Text(), nullable=True),
        sa.Column("paid_at", sa.BigInteger(), nullable=True),
        sa.Column("voided_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("sandbox", "token"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "payout",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("partner", sa.Text(), nullable=False),
        sa.Column("wallet", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("paid_at", sa.BigInteger(), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("sandbox", "reference"),
        sqlite_with_rowid=False,
    )
    op.create_index("payout_by_wallet", "payout", ["sandbox", "wallet", "reference"], unique=False)
    op.create_table(
        "phonechange",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("otp", sa.Text(), nullable=False),
        sa.Column("otp_sent_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("wrong_otps", sa.BigInteger(), nullable=False),
        sa.Column("blocked_until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("sandbox", "card"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "recovery",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("wave", sa.Text(), nullable=False),
        sa.Column("freed", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("given", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sandbox", "wave"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "redeemable",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("institution", sa.Text(), nullable=False),
        sa.Column("marketplace", sa.Text(), nullable=False),
        sa.Column("course", sa.Text(), nullable=False),
        sa.Column("schedule", sa.Text(), nullable=False),
        sa.Column("invoice", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("card", sa.Text(), nullable=True),
        sa.Column("redeemed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("sandbox", "code"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "refund",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("order", sa.Text(), nullable=False),
        sa.Column("marketplace", sa.Text(), nullable=False),
        sa.Column("asker", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("ticket", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("sandbox", "order"),
        sqlite_with_rowid=False,
    )
    op.create_index("refund_by_status", "refund", ["sandbox", "status", "order"], unique=False)
    op.create_table(
        "resale",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("distributor", sa.Text(), nullable=False),
        sa.Column("marketplace", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("client_number", sa.Text(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("ordered_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("seat", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("order", sa.Text(), nullable=True),
        sa.Column("voucher", sa.Text(), nullable=True),
        sa.Column("serial_number", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sandbox", "key"),
        sqlite_with_rowid=False,
    )
    op.create_index("resale_by_distributor", "resale", ["sandbox", "distributor", "key"], unique=False)
    op.create_index("resale_by_status", "resale", ["sandbox", "status", "key"], unique=False)
    op.create_table(
        "review",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("order", sa.Text(), nullable=False),
        sa.Column("marketplace", sa.Text(), nullable=False),
        sa.Column("course", sa.Text(), nullable=False),
        sa.Column("shopper", sa.Text(), nullable=False),
        sa.Column("stars", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sandbox", "order"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "review_by_marketplace_course", "review", ["sandbox", "marketplace", "course", "order"], unique=False
    )
    op.create_table(
        "schedule",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("course", sa.Text(), nullable=False),
        sa.Column("capacity", sa.BigInteger(), nullable=False),
        sa.Column("starts", sa.BigInteger(), nullable=True),
        sa.Column("ends", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("sandbox", "code"),
        sqlite_with_rowid=False,
    )
    op.create_index("schedule_by_course", "schedule", ["sandbox", "course", "code"], unique=False)
    op.create_table(
        "shopper",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("marketplace", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("phone_verified", sa.Boolean(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("code_sent_at", sa.BigInteger(), nullable=True),
        sa.Column("codes_sent", sa.BigInteger(), nullable=False),
        sa.Column("wrong_codes", sa.BigInteger(), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sandbox", "key"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "shopper_by_marketplace_email", "shopper", ["sandbox", "marketplace", "email", "key"], unique=False
    )
    op.create_index(
        "shopper_by_marketplace_phone", "shopper", ["sandbox", "marketplace", "phone", "key"], unique=False
    )
    op.create_table(
        "sms",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("otp", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("position"),
        sqlite_with_rowid=True,
    )
    op.create_index("sms_by_phone", "sms", ["sandbox", "phone"], unique=False)
    op.create_table(
        "spentcode",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("shopper", sa.Text(), nullable=False),
        sa.Column("spent_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sandbox", "code"),
        sqlite_with_rowid=False,
    )
    op.create_index("spentcode_by_shopper", "spentcode", ["sandbox", "shopper", "code"], unique=False)
    op.create_table(
        "ssocode",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("institution", sa.Text(), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("sandbox", "code"),
        sqlite_with_rowid=False,
    )
    op.create_index("ssocode_by_card", "ssocode", ["sandbox", "card", "code"], unique=False)
    op.create_table(
        "ssotoken",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("institution", sa.Text(), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sandbox", "token"),
        sqlite_with_rowid=False,
    )
    op.create_index("ssotoken_by_card", "ssotoken", ["sandbox", "card", "token"], unique=False)
    op.create_table(
        "supplied",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("institution", sa.Text(), nullable=False),
        sa.Column("course", sa.Text(), nullable=False),
        sa.Column("buyer", sa.Text(), nullable=False),
        sa.Column("voucher", sa.Text(), nullable=False),
        sa.Column("supplied_at", sa.BigInteger(), nullable=False),
        sa.Column("ready_at", sa.BigInteger(), nullable=False),
        sa.Column("call_at", sa.BigInteger(), nullable=False),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.Column("calling", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("sandbox", "key"),
        sqlite_with_rowid=False,
    )
    op.create_index("supplied_by_calling", "supplied", ["sandbox", "calling", "key"], unique=False)
    op.create_table(
        "supplierhealth",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("institution", sa.Text(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("checked_at", sa.BigInteger(), nullable=True),
        sa.Column("told", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sandbox", "institution"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "supply",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("order", sa.Text(), nullable=False),
        sa.Column("institution", sa.Text(), nullable=False),
        sa.Column("transaction", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("wanted_at", sa.BigInteger(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("voucher", sa.Text(), nullable=True),
        sa.Column("told", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sandbox", "order"),
        sqlite_with_rowid=False,
    )
    op.create_index("supply_by_status", "supply", ["sandbox", "status", "order"], unique=False)
    op.create_table(
        "survey",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("filled_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sandbox", "key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ticket",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("desk", sa.Text(), nullable=False),
        sa.Column("asker", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("answer_at", sa.BigInteger(), nullable=False),
        sa.Column("reopened", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("sandbox", "id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ticket_by_desk_asker", "ticket", ["sandbox", "desk", "asker", "id"], unique=False)
    op.create_table(
        "training",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("transaction", sa.Text(), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("course", sa.Text(), nullable=False),
        sa.Column("schedule", sa.Text(), nullable=False),
        sa.Column("invoice", sa.Text(), nullable=False),
        sa.Column("marketplace", sa.Text(), nullable=False),
        sa.Column("redeem_code", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("bought_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("score", sa.BigInteger(), nullable=True),
        sa.Column("certified_at", sa.BigInteger(), nullable=True),
        sa.Column("rating", sa.BigInteger(), nullable=True),
        sa.Column("review", sa.Text(), nullable=True),
        sa.Column("rated_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("sandbox", "transaction"),
        sqlite_with_rowid=False,
    )
    op.create_index("training_by_card", "training", ["sandbox", "card", "transaction"], unique=False)
    op.create_table(
        "transfer",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount > 0 AND source <> target", name="balanced"),
        sa.PrimaryKeyConstraint("position"),
        sqlite_with_rowid=True,
    )
    op.create_table(
        "verification",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("redeem_code", sa.Text(), nullable=False),
        sa.Column("course", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("redirect_uri", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("sandbox", "state"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "verification_by_course_email", "verification", ["sandbox", "course", "email", "state"], unique=False
    )
    op.create_index(
        "verification_by_redeem_code", "verification", ["sandbox", "redeem_code", "state"], unique=False
    )
    op.create_table(
        "voucher",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("marketplace", sa.Text(), nullable=False),
        sa.Column("order", sa.Text(), nullable=False),
        sa.Column("course", sa.Text(), nullable=False),
        sa.Column("institution", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("valid_until", sa.BigInteger(), nullable=False),
        sa.Column("redeemed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("sandbox", "code"),
        sqlite_with_rowid=False,
    )
    op.create_index("voucher_by_order", "voucher", ["sandbox", "order", "code"], unique=False)
    op.create_table(
        "wallet",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("partner", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("nik", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("upgraded", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("monthly_limit", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("sandbox", "key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "webhook",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sandbox", "key"),
        sqlite_with_rowid=False,
    )
    op.create_index("webhook_by_about", "webhook", ["sandbox", "about", "key"], unique=False)
    op.create_index("webhook_by_status", "webhook", ["sandbox", "status", "key"], unique=False)
    op.create_table(
        "webhooktarget",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("events", sa.Text(), nullable=False),
        sa.Column("institution", sa.Text(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("stopped", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("sandbox", "key"),
        sqlite_with_rowid=False,
    )
    op.create_index("webhooktarget_by_party", "webhooktarget", ["sandbox", "party", "key"], unique=False)
    op.create_table(
        "world",
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("started", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sandbox", "name"),
        sqlite_with_rowid=False,
    )

    op.execute("INSERT INTO folded (store, number) VALUES (hex(randomblob(16)), 0)")
    for name in APPEND_ONLY:
        op.execute(
            f'CREATE TRIGGER {name}_never_changes BEFORE UPDATE ON "{name}" '
            "BEGIN SELECT RAISE(ABORT, 'the log is append only'); END"
        )
        op.execute(
            f'CREATE TRIGGER {name}_never_shrinks BEFORE DELETE ON "{name}" '
            "WHEN NOT EXISTS (SELECT 1 FROM dropping WHERE sandbox = OLD.sandbox) "
            "BEGIN SELECT RAISE(ABORT, 'the log is append only'); END"
        )

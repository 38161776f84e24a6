"""What the admin API's OpenAPI says in addition to its endpoints: links, queries, statuses."""

from prakerja_sim.mocks.admin.bringing import STATES
from prakerja_sim.mocks.http.credentials import PARTNERS
from prakerja_sim.mocks.http.describe import Described, Link
from prakerja_sim.simulator.audit.statements import PERIODS
from prakerja_sim.simulator.marketplace.records import OrderStatus, VoucherStatus
from prakerja_sim.simulator.marketplace.webhook_records import WebhookStatus
from prakerja_sim.simulator.programme.records import Membership, PaymentStatus
from prakerja_sim.simulator.programme.training_records import RedeemStatus, TrainingStatus
from prakerja_sim.simulator.world.faults import FAULTS

MAKING = (
    "/sandboxes", "/clients", "/people", "/courses", "/faults", "/test-codes", "/deposits", "/callbacks",
    "/webhooks/targets", "/snapshots", "/fork",
)  # fmt: skip
"""A POST to these paths makes something and answers 201."""

LOOKUPS = ("eligibility", "payments", "orders", "redeem-codes", "accounts")
LIMIT = {"limit": "How many at most."}
PERSON = {"person": "A card, phone, e-mail or name."}
BOUGHT = {"invoice": "Of which purchase.", "transaction": "Prakerja's code.", "course": "A course's code."}
INBOX = {
    "wait": "How long to wait for one, as 5s.",
    "after": "How many have been seen, as `seen` tells; with `wait`, if not given: all that there are.",
}
QUERIES = {
    ("GET", "/requests"): {"party": "A party's code.", "status": "0 if lost.", "path": "Its end.", **LIMIT},
    ("GET", "/timeline"): {
        "party": "Who was asked.",
        "asker": "Who asked; client is from outside.",
        "method": "GET, POST ...",
        "path": "Its end.",
        "status": "0 if lost.",
        "reason": "Why it was refused.",
        "fault": "What struck.",
        "command": "What it did.",
        "person": "A card, phone, e-mail or name.",
        "invoice": "Where it is named.",
        "text": "Anything that was sent, answered or written.",
        "since": "An exchange's id.",
        "wait": "With since: how long to wait for one, as 5s.",
        "format": "json, har, mermaid or text.",
        **LIMIT,
    },
    ("GET", "/eligibility"): {
        "person": "A card, phone, e-mail or name.",
        "course": "A course's code.",
        "marketplace": "Where it would be bought.",
        "user": "The buyer's account there.",
        "amount": "What the card would pay; the price if not given.",
    },
    ("GET", "/payments"): {**PERSON, **BOUGHT, **LIMIT},
    ("GET", "/orders"): {
        **PERSON,
        **BOUGHT,
        "order": "Its number at the marketplace.",
        "voucher": "The code of its voucher.",
        **LIMIT,
    },
    ("GET", "/redeem-codes"): {
        **PERSON,
        "code": "The code itself.",
        "invoice": "Of which purchase.",
        "institution": "Whose course.",
        "course": "A course's code.",
        **LIMIT,
    },
    ("GET", "/accounts"): PERSON,
    ("GET", "/diff"): {"with": "The name of a sandbox or a snapshot; @NAME is the snapshot."},
    ("GET", "/people"): {"can_buy": "true: who can buy some course now.", **LIMIT},
    ("GET", "/journal"): LIMIT,
    ("GET", "/ledger"): {"account": "One account, by its whole name.", **LIMIT},
    ("GET", "/ledger/statements"): {"by": "day, month or year.", "party": "A party's code."},
    ("GET", "/ledger/export"): {"format": "beancount, hledger or csv."},
    ("GET", "/reconciliation"): {"party": "A party's code."},
    ("GET", "/inbox/sms"): {"to": "A phone.", "otp": "true: with a code only.", **INBOX},
    ("GET", "/inbox/mail"): {"to": "An address.", **INBOX},
    ("GET", "/inbox/webhooks"): {"target": "MARKETPLACE/NAME."},
    ("GET", "/webhooks"): {"marketplace": "Whose.", "status": "Where it stands.", "about": "An order."},
}

REFUSING = {
    ("POST", "/orders/<order>/void"): (401, 404, 409, 504),
    ("POST", "/courses/<course>/cancel"): (401, 404, 409),
    ("POST", "/people/<card>/block"): (401, 404, 409),
    ("PATCH", "/courses/<course>"): (401, 404, 409),
    ("POST", "/courses/<course>/withdraw"): (401, 404, 409),
    ("POST", "/sandboxes"): (409,),
    ("POST", "/reset"): (404,),
    ("POST", "/snapshots"): (409,),
    ("POST", "/bring"): (404, 409),
    ("DELETE", "/snapshots/<name>"): (404,),
    ("POST", "/restore"): (404,),
    ("POST", "/fork"): (404, 409),
    ("GET", "/diff"): (400, 404),
    ("DELETE", "/sandboxes/<name>"): (400, 404),
    ("POST", "/clients"): (409,),
    ("POST", "/clock"): (409,),
    ("POST", "/people"): (409,),
    ("POST", "/courses"): (409,),
    ("POST", "/faults"): (409,),
    ("DELETE", "/faults/<number>"): (409,),
    ("POST", "/test-codes"): (409,),
    ("POST", "/deposits"): (409,),
    ("POST", "/callbacks"): (409,),
    **{("POST", f"/webhooks/{one}"): (404, 409) for one in ("hold", "release", "repeat", "drop")},
    ("POST", "/webhooks/targets"): (409,),
    ("POST", "/webhooks/targets/stop"): (404,),
    ("GET", "/requests/<id>/signature"): (404, 409),
    ("GET", "/timeline"): (400, 401, 429),
    ("GET", "/timeline/<id>"): (404,),
    ("POST", "/timeline/verify"): (400,),
    **{("GET", f"/{one}"): (400, 401, 404, 409) for one in LOOKUPS},
    ("GET", "/demo"): (400,),
    ("POST", "/timeline/<id>/again"): (404, 409, 504),
    ("POST", "/redeem-codes/<code>/steps"): (400, 401, 404, 409, 504),
    ("POST", "/stories/play"): (400, 401, 409),
    ("POST", "/payments/void"): (400, 401, 404, 409, 504),
    ("GET", "/inbox/sms"): (400, 401, 429),
    ("GET", "/inbox/mail"): (400, 401, 429),
}
"""Other statuses that an endpoint may answer, in the plain envelope: the code is the programme's reason."""

LINKS = {
    ("POST", "/sandboxes"): (
        Link("drop it", ("DELETE", "/sandboxes/<name>"), parameters={"name": "$response.body#/name"}),
    ),
    ("GET", "/courses"): (
        Link(
            "hand out a test code",
            ("POST", "/test-codes"),
            {"schedule_code": "$response.body#/courses/0/schedule_code"},
        ),
    ),
    ("POST", "/courses"): (
        Link(
            "hand out a test code",
            ("POST", "/test-codes"),
            {"schedule_code": "$response.body#/schedule_code"},
        ),
    ),
    ("GET", "/sandboxes"): (
        Link("drop one", ("DELETE", "/sandboxes/<name>"), parameters={"name": "$response.body#/sandboxes/1"}),
    ),
    ("POST", "/faults"): (
        Link("see what is armed", ("GET", "/faults")),
        Link("end all", ("DELETE", "/faults")),
    ),
    ("POST", "/people"): (Link("see everybody", ("GET", "/people")),),
    ("POST", "/clock"): (Link("see the time", ("GET", "/clock")),),
}

ENUMS = {
    ("/payments", "status"): PaymentStatus,
    ("/payments", "training"): TrainingStatus,
    ("/orders", "status"): OrderStatus,
    ("/orders", "voucher_status"): VoucherStatus,
    ("/redeem-codes", "status"): RedeemStatus,
    ("/test-codes", "status"): RedeemStatus,
    ("/people", "status"): Membership,
    ("/sandboxes", "status"): Membership,
    ("/fork", "status"): Membership,
    ("/webhooks", "status"): WebhookStatus,
    ("/bring", "state"): STATES,
    ("/ledger/statements", "by"): PERIODS,
    ("/faults", "fault"): sorted(FAULTS),
    ("/timeline", "faults"): sorted(FAULTS),
    **{(path, "roles"): [role.value for role in PARTNERS] for path in ("/clients", "/sandboxes", "/fork")},
}
MEANINGS = {
    "amount": "In rupiah; seats where seats are moved.",
    "at": "The sandbox's time.",
    "balance": "In rupiah; seats for an account of seats.",
    "certified_at": "Null until the certificate is there.",
    "digest": "Of all that was done; the same commands give the same one.",
    "exchange": "The id of the exchange that caused it; null: the clock or the server did.",
    "expires": "When the sandbox goes by itself, in real time; null is never.",
    "holding": "The programs for which the clock shall stand still.",
    "holds": "True: it lets the person buy; false: it refuses; null: it was not judged.",
    "left": "How many times it will still strike.",
    "lost": "How the request or its answer was lost; null if it was answered.",
    "milliseconds": "How long it took, in real time.",
    "next": "When something happens by itself next; null: nothing is due.",
    "parent": "The id of the exchange within which it was asked; null if it came from outside.",
    "password": "Null once the person chose another one.",
    "price": "In rupiah.",
    "programs": "How many share the clock.",
    "quota": "Seats of the schedule.",
    "reason": "The name of the refusal; null if there is none.",
    "saldo": "In rupiah.",
    "says": "The refusal in words of both languages.",
    "scale": "How many seconds pass here in a real one; 0: the clock stands.",
    "seen": "How many messages there are by now; give it as `after` next time.",
    "status": "Where it stands; of an exchange: the status of HTTP, 0 if none came.",
    "still_for": "For how many seconds they have not moved the clock, in real time.",
    "struck": "How many times it struck.",
    "total": "In rupiah.",
    "waiting": "The programs that want the clock to go on.",
    "waits": "The refusals that time alone ends, and by how much to advance the clock.",
    "wall": "The real time.",
    "wrong_otps": "How many wrong codes were entered.",
}
"""What fields of answers mean, wherever they stand."""
MAPS = frozenset(
    {
        ("/courses/<course>/cancel", "orders"),
        ("/fork", "addresses"),
        ("/inbox/webhooks", "headers"),
        ("/ledger/statements", "moved"),
        ("/readyz", "parties"),
        ("/sandboxes", "addresses"),
        ("/timeline", "headers"),
    }
)
FREE = frozenset(
    {
        ("/diff", "fields"),
        ("/timeline", "log"),
        ("/eligibility", "values"),
        ("/payments/void", "answer"),
        ("/redeem-codes/<code>/steps", "answer"),
        ("/webhooks", "told"),
    }
)

DESCRIBED = Described(
    enums=ENUMS,
    meanings=MEANINGS,
    maps=MAPS,
    free=FREE,
    nullable=frozenset({"next", "password"}),
    links=LINKS,
    security={
        "token": {"in": "header", "name": "Authorization", "description": "`Bearer TOKEN`, if exposed."}
    },
    statuses=dict.fromkeys((("POST", path) for path in MAKING), (201,))
    | {("POST", "/sandboxes"): (201, 200)},  # 200: the same request again
    queries=QUERIES,
    others=REFUSING,
)

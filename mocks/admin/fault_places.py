"""Where a fault can strike: a `where` that can match nothing is refused when the fault is armed.

Each point gives a text to everything that passes it (see docs/faults.md); a fault strikes if this text ends
with `where`.  This module says for each point which ends are possible.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches

from prakerja_sim.mocks.http.face import Face
from prakerja_sim.mocks.shop import registry
from prakerja_sim.simulator.marketplace.resale import EVENT as RESALE
from prakerja_sim.simulator.marketplace.resale import HERE as RESELLER
from prakerja_sim.simulator.marketplace.webhooks_outbox import VERSIONS
from prakerja_sim.simulator.payout.partners import PARTNERS
from prakerja_sim.simulator.programme.redemption import TEST_PREFIX
from prakerja_sim.simulator.values import phones
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.faults import FAULTS
from prakerja_sim.simulator.world.refusals import refuses

Faces = Collection[Face]
ANY_BELOW = "/*"
_PARAMETER = re.compile(r"<[^>]*>")
_PHONE = re.compile(r"\d{1,14}")
_ADDRESS = re.compile(r"[^@\s]*@[^@\s]+|[^@\s]*\.[^@\s]+")
_CODE = re.compile(r"[a-z0-9_-]+")
_REDEEM_CODE = re.compile(f"(?:{TEST_PREFIX})?[A-Z0-9]+")


@refuses(Reason.FAULT_NOWHERE)
def check(fault: str, where: str, faces: Faces) -> None:
    """Refuse a `where` at which that fault can never strike; an unknown fault is refused elsewhere."""
    remedy = remedy_for(fault, where, faces)
    if remedy:
        raise Rejected(Reason.FAULT_NOWHERE, fault=fault, where=where, remedy=remedy)


def remedy_for(fault: str, where: str, faces: Faces) -> str:
    """What to write instead, if that fault can strike nowhere; empty if it can."""
    if not where or fault not in FAULTS:
        return ""
    kind = FAULTS[fault]
    return _REMEDIES[kind.point](kind.place(where), faces)


def known(fault: str, faces: Faces) -> list[str]:
    """The places that can be listed at which a fault can strike: paths, partners, webhooks; not people's."""
    point = FAULTS[fault].point
    if point in ("request", "reply"):
        return sorted({path for path in _paths(faces) if "<" not in path})
    if point == "payout":
        return sorted(f"@{partner}" for partner in PARTNERS)
    if point == "webhook":
        return sorted(f"{market}/{event}" for market in registry.codes() for event in VERSIONS)
    return []


def _path(where: str, faces: Faces) -> str:
    paths = list(_paths(faces))
    if where.endswith(ANY_BELOW):
        if any(_begins(path, where[:-1]) for path in paths):
            return ""
        return _nearest(where, (f"{face.at}{ANY_BELOW}" for face in faces), "/prakerja/*")
    if any(_ends(path, where) for path in paths):
        return ""
    depth = where.count("/") + 1
    return _nearest(where, ("/".join(path.split("/")[-depth:]) for path in paths), "payment/authorize")


def _paths(faces: Faces) -> Iterator[str]:
    """The paths of all operations, as faults see them."""
    for face in faces:
        for rule in face.app.url_map.iter_rules():
            if " " in rule.endpoint:  # an operation's has its method before its path
                yield f"{face.at}{rule.rule}"


def _ends(path: str, where: str) -> bool:
    """Whether a request to that path may end with `where`.

    <...> stands for one segment and <path:...> for several; what is only that must look like an id.
    """
    segments, wanted, fixed = path.split("/"), where.split("/"), False
    for back, part in enumerate(reversed(wanted), 1):
        if back > len(segments):
            return False
        segment = segments[-back]
        if segment.startswith("<path:"):
            return segments[-back - 1] in wanted or all(map(_looks_like_an_id, wanted))
        if back < len(wanted) and not _fills(segment, part):
            return False
        fixed = fixed or "<" not in segment
    end = _PARAMETER.split(segment)[-1]  # of the first part that was wanted only the end is known
    whole = end.endswith(part) or (end != segment and part.endswith(end))
    return whole and (fixed or _looks_like_an_id(where))


def _looks_like_an_id(text: str) -> bool:
    return re.search("[A-Z0-9]", text) is not None


def _begins(path: str, where: str) -> bool:
    segments, wanted = path.split("/"), where.split("/")[:-1]
    pairs = zip(segments, wanted, strict=False)
    return len(segments) > len(wanted) and all(_fills(segment, part) for segment, part in pairs)


def _fills(segment: str, part: str) -> bool:
    fixed = map(re.escape, _PARAMETER.split(segment))
    return re.fullmatch("[^/]+".join(fixed), part) is not None


def _phone(where: str, _: Faces) -> str:
    return "" if _PHONE.fullmatch(phones.national(where)) else "write the phone as 08... or its end"


def _address(where: str, _: Faces) -> str:
    return "" if _ADDRESS.fullmatch(where) else "write the e-mail address or its end, such as @contoh.example"


def _account(where: str, _: Faces) -> str:
    number, at, partner = where.rpartition("@")
    ends = [one for one in PARTNERS if one == partner or (not at and one.endswith(partner))]
    if ends and (not number or number.isdigit()):
        return ""
    return _nearest(where, (f"@{one}" for one in PARTNERS), "@ovo or 081234567890@ovo")


def _institution(where: str, _: Faces) -> str:
    return "" if _CODE.fullmatch(where) else "write the institution's code, such as lp-kopi"


def _webhook(where: str, _: Faces) -> str:
    told = [f"{market}/{event}" for market in registry.codes() for event in VERSIONS] + [
        f"{RESELLER}/{RESALE}"
    ]
    if any(one.endswith(where) for one in told):
        return ""
    return _nearest(where, [*told, *VERSIONS], "tokopedia/order.paid")


def _redeem_code(where: str, _: Faces) -> str:
    return "" if _REDEEM_CODE.fullmatch(where) else "write the redeem code, capitals and digits only"


def _nearest(where: str, known: Iterable[str], example: str) -> str:
    near = get_close_matches(where, sorted(set(known)), n=1)
    return f"did you mean {near[0]!r}?" if near else f"write such as {example}"


_REMEDIES: Mapping[str, Callable[[str, Faces], str]] = {
    "request": _path,
    "reply": _path,
    "sms": _phone,
    "mail": _address,
    "payout": _account,
    "supply": _institution,
    "webhook": _webhook,
    "assignment": _redeem_code,
}

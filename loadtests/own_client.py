"""An institution with a program of its own: it redeems and reports by the APIs of others."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from prakerja_sim.loadtests.person import Person, SaidNo
from prakerja_sim.mocks.shop import prakerja_client, registry
from prakerja_sim.mocks.shop.institution_client import VoucherRefused
from prakerja_sim.mocks.shop.prakerja_client import PrakerjaClient
from prakerja_sim.simulator.values.clock import unix_seconds

T = TypeVar("T")


def learn(person: Person, clients: Mapping[str, Mapping[str, Any]], *, score: int) -> None:
    """Check and burn the voucher, commit the redeem code, report that the class is finished."""
    credential, place = clients[person.institution], person.choices.marketplace
    wire, key = person.connection.to(place), str(credential["sign_key"])
    site = registry.institution_client(place, wire, person.institution, key)
    _asked(person, lambda: site.check(person.voucher))
    _asked(person, lambda: site.redeem(person.voucher))
    trainings = person.dashboard("GET", "/trainings")["trainings"]
    code = next(one["redeem_code"] for one in reversed(trainings) if one["course_code"] == person.course)
    prakerja = PrakerjaClient(
        person.connection.to("prakerja"),
        str(credential["client_code"]),
        key,
        lambda: unix_seconds(person.time.now()),
    )
    _asked(person, lambda: prakerja.redeem_status(redeem_code=code))
    _asked(person, lambda: prakerja.redeem_commit(redeem_code=code))
    person.time.think()
    _asked(person, lambda: site.report(person.voucher, name=str(person.row["name"]), score=score))


def _asked(person: Person, action: Callable[[], T]) -> T:
    def ask() -> T:
        try:
            return action()
        except (VoucherRefused, prakerja_client.Refused) as no:
            raise SaidNo((no.reason,), f"{person.institution}'s program: {no}") from None

    return person.asked(ask)

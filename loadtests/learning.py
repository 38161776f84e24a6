"""How people of a load run learn: they redeem their voucher at its institution and finish the class."""

from typing import Any

import orjson

from prakerja_sim.loadtests.errors import FlowBroken
from prakerja_sim.mocks.http.transport import Transport


def learn(site: Transport, marketplace: str, voucher: str, person: dict[str, Any]) -> None:
    """The whole class of a voucher; `site` is where the institution takes vouchers.

    Raises FlowBroken if a step is refused or no certificate is issued.
    """
    who = {"marketplace": marketplace, "email": person["email"], "name": person["name"]}
    opened = ask(site, "POST", "/redeem", voucher_code=voucher, **who)
    ask(site, "POST", f"/{voucher}/pre-test", score=40)
    for _ in range(opened["lessons"]):
        ask(site, "POST", f"/{voucher}/lessons")
    if not ask(site, "POST", f"/{voucher}/final-test", score=90)["certificate"]:
        raise FlowBroken("no certificate was issued")


def ask(to: Transport, method: str, path: str, **body: Any) -> Any:
    """What a party answers to a JSON request that must succeed; raises FlowBroken if it is refused."""
    raw = orjson.dumps(body) if body else b""
    answer = to.send(method, path, {"Content-Type": "application/json"}, raw)
    if answer.status >= 400:
        raise FlowBroken(f"{method} {path} answers {answer.status}: {answer.body[:200]!r}")
    return answer.json()

"""A person's whole flow as one tree of exchanges and effects, which other programs read.

`make exports` installs the two readers that are no Python: the schema of HAR 1.2, and Mermaid itself.
"""

import shutil
import subprocess
from pathlib import Path

import orjson
import pytest
from jsonschema.validators import validator_for
from referencing import Registry, Resource

from tests.mocks.market import Market, refused
from tests.played import on_stage, perform, stories_in

REPOSITORY = Path(__file__).parents[3]
NODE = REPOSITORY / ".venv" / "node" / "node_modules"
PARSE = Path(__file__).with_name("mermaid_parse.mjs")
FLOW = """# The flow of which the timeline is told.
scenario: A purchase with a lost reply, its recovery, the redemption and an incentive
steps:
  - list_course: {course: barista-dasar, price: 650_000}
  - enrol: {wave: 18}
  - open_wallet: {partner: ovo}
  - link_account: {partner: ovo}
  - buy: {course: barista-dasar}
  - enter_card
  - arm: {fault: reply_lost, where: payment/authorize}
  - enter_otp: {otp: right}
    fails: no_reply
  - find_voucher: {where: history}
  - redeem
  - pre_test
  - study
  - finish
  - advance: {by: 20d}
  - rate
  - advance: {to: 2021-09-23 15:00:00}
  - expect: {wallet: 600_000}
"""


class Told:
    """What the timeline tells of the flow in each format; its exchanges oldest first."""

    def __init__(self, parties):
        asked = parties._connections.transport("__admin")

        def ask(query):
            return asked.send("GET", f"/timeline?limit=2000{query}", {}, b"")

        self.rows = ask("").json()["exchanges"][::-1]
        self.har, self.mermaid = ask("&format=har").json(), ask("&format=mermaid").body.decode()
        self.text = ask("&format=text").body.decode()
        self.whole = lambda number: asked.send("GET", f"/timeline/{number}", {}, b"").json()

    def asked(self, party, path, **more):
        wanted = {"party": party, **more}
        return [
            one
            for one in self.rows
            if one["path"].endswith(path) and all(one[name] == value for name, value in wanted.items())
        ]

    def events(self, number):
        return [moved["event"] for effect in self.whole(number)["effects"] for moved in effect["transfers"]]


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    path = tmp_path_factory.mktemp("flow") / "flow.yaml"
    path.write_text(FLOW)
    [story] = stories_in(path)
    with on_stage(story) as (stage, _):
        story.play(lambda step: perform(stage, step))
        yield Told(stage.parties)


def test_a_persons_flow_is_one_tree_of_exchanges_and_effects(told):
    ids = [one["id"] for one in told.rows]
    assert len(set(ids)) == len(ids)
    for one in told.rows:
        assert one["parent"] is None or one["parent"] in ids
        assert one["parent"] is None or one["parent"] < one["id"]

    [lost] = told.asked("prakerja", "payment/authorize")
    [entered] = [one for one in told.rows if one["id"] == lost["parent"]]
    assert (entered["asker"], entered["party"]) == ("client", "tokopedia")
    assert (lost["status"], lost["lost"], lost["faults"]) == (0, "reply_lost", ["reply_lost"])
    assert told.events(lost["id"])[0] == "purchase"

    recovered = told.asked("prakerja", "payment/status", asker="tokopedia", status=200)
    assert recovered[0]["id"] > lost["id"]
    assert recovered[0]["parent"] or recovered[0]["cause"]
    assert told.events(recovered[0]["id"]) == []

    [opened] = told.asked("institution", "vouchers/redeem", asker="client")
    [redeemed] = told.asked("tokopedia", "voucher/redeem", parent=opened["id"])
    assert told.events(redeemed["id"]) == ["voucher"]

    [paid] = told.asked("payout", "/ovo/transfers")
    assert (paid["asker"], paid["cause"].partition(" ")[0]) == ("prakerja", "incentive")
    assert [one["party"] for one in told.rows if one["id"] == paid["parent"]] == ["admin"]
    assert any("incentive" in told.events(one["id"]) for one in told.rows)
    assert lost["id"] < recovered[0]["id"] < redeemed["id"] < paid["id"]
    assert told.text.count("\n") >= len(told.rows)


def test_the_archive_has_an_entry_for_each_exchange(told):
    entries = told.har["log"]["entries"]
    assert len(entries) == len([one for one in told.rows if one["party"] != "simulator"])
    assert [entry["startedDateTime"] for entry in entries] == [
        one["wall"] for one in told.rows if one["party"] != "simulator"
    ]


def test_the_archive_is_valid_for_the_schema_of_har_1_2(told):
    schemas = NODE / "har-schema" / "lib"
    if not schemas.is_dir():
        pytest.skip("the schema of HAR 1.2 is not installed: make exports")
    parts = {path.name: orjson.loads(path.read_bytes()) for path in schemas.glob("*.json")}
    registry = Registry().with_resources((one["$id"], Resource.from_contents(one)) for one in parts.values())
    whole = parts["har.json"]
    check = validator_for(whole)(whole, registry=registry)
    assert [error.message for error in check.iter_errors(told.har)] == []
    broken = {"log": {**told.har["log"], "entries": [{**told.har["log"]["entries"][0], "time": "long"}]}}
    assert list(check.iter_errors(broken))


def parsed(diagram):
    node = shutil.which("node")
    if node is None or not (NODE / "mermaid").is_dir():
        pytest.skip("Mermaid is not installed: make exports")
    return subprocess.run(
        [node, PARSE, NODE], input=diagram, capture_output=True, text=True, timeout=120, check=False
    )


def test_mermaid_reads_the_diagram(told):
    answer = parsed(told.mermaid)
    assert (answer.returncode, answer.stdout.strip()) == (0, "sequence"), answer.stderr[-500:]
    assert parsed(told.mermaid + "    a->>\n").returncode != 0


def test_mermaid_reads_a_diagram_of_what_strangers_send():
    market = Market("tokopedia")
    for path in (
        "/a;b#c/end",
        "/x\n  alt y",
        "/note over a: b",
        "/%%{init}%%",
        "/-->>",
        "/é😀",
        "/<b>&amp;",
    ):
        market.send("GET", path)
    market.sandbox.arm("request_lost", "payment/send-otp")
    ani = market.enrol()
    buyer = market.shopper(ani)
    refused(buyer.enter_card, market.ordered(buyer), ani.card)
    wire = market.parties.transport("admin", market.sandbox)
    diagram = wire.send("GET", "/timeline?limit=2000&format=mermaid", {}, b"")
    assert diagram.status == 200, diagram.body
    answer = parsed(diagram.body.decode())
    assert (answer.returncode, answer.stdout.strip()) == (0, "sequence"), answer.stderr[-500:]

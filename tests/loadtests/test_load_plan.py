import pytest

from prakerja_sim.loadtests import plan
from prakerja_sim.loadtests.errors import PlanRefused
from prakerja_sim.loadtests.plan import MISTAKES, Plan
from prakerja_sim.mocks.shop import registry

STEPPED = '"clock": "stepped"'


def test_a_plan_travels_as_json() -> None:
    there = Plan(
        url="http://127.0.0.1:8000",
        marketplaces={"pijar": 2},
        mistakes=dict.fromkeys(MISTAKES, 0.2),
        think=(0.5, 2.0),
        until="incentive",
        clock="stepped",
        folder="/tmp/x",
    )
    assert plan.of_environment({plan.VARIABLE: plan.write(there)}) == there


@pytest.mark.parametrize("environ", [{}, {plan.VARIABLE: ""}, {plan.VARIABLE: "{}"}])
def test_without_a_plan_a_process_does_the_usual(environ: dict[str, str]) -> None:
    assert plan.of_environment(environ) == Plan()


def test_the_mix_is_every_marketplace_and_what_is_named_besides_comes_on_top() -> None:
    chosen = Plan(marketplaces={"mix": 2, "pijar": 3}).weights()
    assert set(chosen) == set(registry.codes())
    assert chosen["pijar"] == 5
    assert chosen["tokopedia"] == 2


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("{", "PRAKERJA_LOAD"),
        ('{"users": 3}', "users"),
        ('{"sandbox": 3}', "sandbox"),
        ('{"url": "127.0.0.1:8000"}', "url: '127.0.0.1:8000' is no address; write such as"),
        ('{"marketplaces": {"shopee": 1}}', "marketplaces: there is no 'shopee'; write one of bukalapak"),
        ('{"marketplaces": {"pijar": -1}}', "marketplaces.pijar: -1 is below 0"),
        ('{"marketplaces": {"pijar": 0}}', "marketplaces: nobody buys anywhere"),
        ('{"mistakes": {"late": 0.1}}', "mistakes: there is no 'late'; write one of login_forgotten"),
        ('{"mistakes": {"wrong_otp": 1.01}}', "mistakes.wrong_otp: 1.01 is no share"),
        ('{"mistakes": {"refund": 0.1}}', "mistakes.refund: takes time, and the clock stands still"),
        (
            f'{{{STEPPED}, "mistakes": {{"wrong_otp": 0.6, "otp_lost": 0.5}}}}',
            "mistakes.otp_lost: the mistakes of the stage otp add up to more than 1",
        ),
        ('{"think": [2, 1]}', "think: 2 to 1 s is no span"),
        ('{"think": [0, 3601]}', "think"),
        ('{"clock_bound": 0}', "clock_bound: 0 is out of reach"),
        ('{"institution_clients": 2}', "institution_clients"),
        ('{"lives_each": -1}', "lives_each: -1 is below 0"),
        ('{"until": "incentive"}', "until: nobody is paid while the clock stands still"),
        ('{"until": "review"}', "until"),
    ],
)
def test_what_will_not_do_is_refused_by_its_name(text: str, place: str) -> None:
    with pytest.raises(PlanRefused) as problem:
        plan.read(text)
    assert place in str(problem.value)


@pytest.mark.parametrize(
    "text",
    [
        '{"mistakes": {"wrong_otp": 1.0}}',
        '{"mistakes": {"refund": 0.0}}',
        f'{{{STEPPED}, "mistakes": {{"wrong_otp": 0.5, "otp_lost": 0.5}}}}',
        '{"think": [0, 3600]}',
        f'{{{STEPPED}, "until": "incentive"}}',
    ],
)
def test_the_last_that_will_do_is_taken(text: str) -> None:
    assert plan.read(text) != Plan()

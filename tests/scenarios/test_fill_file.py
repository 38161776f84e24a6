"""A seed file is read strictly and tried out; what is wrong is named with line, field and remedy."""

import json

import pytest

from prakerja_sim.mocks.server.mounts import known_faces
from prakerja_sim.mocks.server.options import CannotServe, Options
from prakerja_sim.mocks.server.serve import build, check
from prakerja_sim.scenarios.engine import fill_file
from prakerja_sim.scenarios.engine.errors import BadScenarios
from tests.mocks.admin.test_admin import Admin

GOOD = """\
seed: 7
start: 2021-11-02 08:00:00
settings:
  otp_digits: 4
people:
  - name: Siti Aminah
    phone: "0812 3456 7890"
  - {}
courses:
  - code: las-dasar
    title: Las Dasar
    category: Teknik & Otomotif
    institution: lp-las
    price: 400000
    new: true
clients:
  - {client_code: toko-1, sign_key: kunci, party: tokopedia}
"""


def written(tmp_path, text, name="mine.yaml"):
    (tmp_path / name).write_text(text)
    return tmp_path / name


def read(path):
    return fill_file.read(path, known_faces())


def test_yaml_and_json_say_the_same(tmp_path):
    asked = read(written(tmp_path, GOOD))
    assert asked["people"][0] == {"name": "Siti Aminah", "phone": "081234567890"}
    assert read(written(tmp_path, json.dumps(asked), "mine.json")) == asked


WRONG = [
    ("[]", 1, "the file is one mapping; its keys are seed, start, settings, fill, people, courses"),
    ("seed: 1\nname: mine", 2, "name: no such key; there are seed, start,"),
    ("seed: 1\nttl: 5m", 2, "ttl: no such key"),
    ("seed: x", 1, "seed: Input should be a valid integer"),
    ("people:\n  - {}\n  - name: Ani\n    wafe: 22", 4, "people.1.wafe: no such key; remove it"),
    ("people:\n  - {}\n  - name: Ani\n    wave: 24", 3, "people.1: wave_unknown"),
    ("people:\n  - {}\n  - {wave: 23}", 3, "people.1: wave_not_announced"),
    ("courses:\n  - {code: a, title: b, category: Bahasa Asing, institution: x, price: 1}", 2,
     "courses.0: institution: nobody knows it; there are"),
    ("settings:\n  otp_digits: 3", 1, "settings: setting otp_digits must be a whole number from 4 to 8"),
    ("faults:\n  - {fault: sms_lots}", 2, "faults.0: fault_unknown"),
    ("seed: 1\nstart: soon", 2, "start: 'soon' is not a time"),
    ("fill: true\nstart: 2020-05-01", 1, "fill: wave_not_announced"),
    ("seed: 1\nseed: 2", 2, "'seed' is in line 1 already"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "said"), WRONG, ids=lambda one: str(one)[:30])
def test_what_is_wrong_is_named_with_its_line(tmp_path, text, line, said):
    path = written(tmp_path, text)
    with pytest.raises(BadScenarios) as bad:
        read(path)
    [problem] = bad.value.problems
    assert said in str(problem)
    assert str(problem).startswith(f"{path}:{line}: ")


def test_a_server_begins_with_the_file_and_comes_back_to_it(tmp_path):
    asked = read(written(tmp_path, GOOD))
    options = check(Options(store="memory", port=0, fill=json.dumps(asked)))
    admin = Admin(build(options))
    assert (admin.sandbox.seed, admin.sandbox.settings.otp_digits) == (7, 4)
    people = admin.get("/people")["people"]
    assert {one["name"] for one in people} > {"Siti Aminah"}
    assert [one["course_code"] for one in admin.get("/courses")["courses"]] == ["las-dasar"]
    assert "toko-1" in {one["client_code"] for one in admin.get("/clients")["clients"]}
    digest = admin.digest()
    admin.post("/people", count=2)
    admin.post("/reset")
    assert (admin.digest(), admin.get("/people")["people"]) == (digest, people)


CONTRADICTING = [
    ({"empty": True}, "--fill and --empty contradict each other"),
    ({"seed": 8}, "--seed 8: the file of --fill says seed 7; leave --seed out"),
]


@pytest.mark.parametrize(("given", "said"), CONTRADICTING)
def test_an_option_that_contradicts_the_file_is_refused(tmp_path, given, said):
    asked = read(written(tmp_path, GOOD))
    with pytest.raises(CannotServe, match=said):
        check(Options(store="memory", port=0, fill=json.dumps(asked), **given))


def test_a_store_keeps_what_it_began_with(tmp_path):
    asked = read(written(tmp_path, GOOD))
    store = f"lmdb:{tmp_path / 'sim.db'}"
    build(Options(store=store, fill=json.dumps(asked))).sandboxes.store.close()
    assert check(Options(store=store, port=0, fill=json.dumps(asked))).seed == 7
    assert check(Options(store=store, port=0)).seed == 7
    with pytest.raises(CannotServe, match="was begun with other courses, people, and a store keeps that"):
        check(Options(store=store, port=0, fill=json.dumps({**asked, "people": [], "courses": []})))

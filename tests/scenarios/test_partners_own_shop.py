"""A story in Python starts a partner's own shop against its sandbox, and its people buy there."""

from pathlib import Path

from prakerja_sim.mocks.server.serve import wall
from prakerja_sim.scenarios.engine.runner import play
from prakerja_sim.scenarios.engine.wiring import against, in_process, stages
from prakerja_sim.simulator.stores.memory import Memory
from tests.live import serving
from tests.played import SEED, stories_in

SHOP = Path(__file__).parent.parent / "wire/clients/partner_shop.py"
STORY = f'''"""Whoever buys at our own shop is charged once.

The shop is a program of its own, which calls the simulated Prakerja.
"""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request

from prakerja_sim.mocks.shop.buyer import Refused

MARKETPLACES = ["tokopedia"]


class Ours:
    """What a buyer's app does at our shop."""

    def __init__(self, url):
        self.url = url

    def add_to_cart(self, course):
        self.course = course

    def check_out(self):
        return "1"

    def payment_methods(self, order):
        return {{"kartu": ["Kartu Prakerja"]}}

    def enter_card(self, order, card):
        self.post("/orders", {{"course": self.course, "card": card, "phone": "081200000001"}})

    def enter_otp(self, order, otp):
        self.post(f"/orders/{{order}}/otp", {{"otp": otp}})
        return "paid"

    def post(self, path, body):
        request = urllib.request.Request(self.url + path, json.dumps(body).encode())
        try:
            urllib.request.urlopen(request, timeout=10).close()
        except urllib.error.HTTPError as problem:
            said = json.load(problem)
            raise Refused(said["code"], said["message"] + WORDS.get(said["code"], ""))


WORDS = {{"ERRPLT40094": " [otp_wrong]"}}


def scenario(stage):
    stage.list_course(course="kopi")
    with urllib.request.urlopen(f"{{stage.url}}/s/{{stage.sandbox}}/__admin/courses") as answer:
        listed = {{one["course_code"]: one for one in json.load(answer)["courses"]}}
    command = [sys.executable, {str(SHOP)!r}, json.dumps(listed)]
    shop = subprocess.Popen(
        command, env={{**os.environ, **stage.env("tokopedia")}}, stdout=subprocess.PIPE, text=True
    )
    try:
        with shop.stdout as printed:
            stage.use_shopper(lambda: Ours(printed.readline().strip()))
            stage.enrol()
            stage.buy(course="kopi")
            stage.enter_card()
            WRONG
            stage.enter_otp()
            stage.expect(charges=1, balance=350_000)
    finally:
        shop.terminate()
        shop.wait(10)
'''


def outcome(folder, connect_to, wrong="pass"):
    path = folder / "story.py"
    path.write_text(STORY.replace("WRONG", wrong))
    (story,) = stories_in(path)
    return play(story, "tokopedia", stages(connect_to, SEED))


def test_in_this_process_and_at_a_running_simulator_it_is_the_same_world(tmp_path):
    here = outcome(tmp_path, in_process(Memory(), wall))
    assert here.passed, here.message
    with serving("--store", "memory") as live:
        there = outcome(tmp_path, against(live.url))
    assert there.passed, there.message
    assert there.digest == here.digest


def test_a_refusal_of_ones_own_shop_is_a_refusal_of_the_step(tmp_path):
    failed = outcome(tmp_path, in_process(Memory(), wall), 'stage.enter_otp(otp="wrong")')
    assert "refused with otp_wrong (Kode OTP salah. [otp_wrong])" in failed.message

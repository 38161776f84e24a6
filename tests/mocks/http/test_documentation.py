"""Swagger UI beside every OpenAPI: our copy, served by us, and in a browser it signs what it sends."""

import gzip
import hashlib
import re
import time

import pytest

from prakerja_sim.mocks.http.documentation import HERE
from prakerja_sim.mocks.server.mounts import discovered
from tests.live import REPOSITORY
from tests.mocks.prakerja import chromium

MOUNTS = ["/__admin" if face.code == "admin" else f"/{face.code}" for face in discovered()]
UNPACKED = {
    "swagger-ui-bundle.js": "e6a898692f2d768e807c3ba4626068a69a2c5dd960dd6c76f3e4d3a3de180af2",
    "swagger-ui.css": "5ed08757e53da3e026d6cbecc61fe5d43585c9560b302d534ad56692519a273d",
}
"""SHA-256 of the files of swagger-ui-dist 5.35.0."""
PICTURES = REPOSITORY / "reports" / "pages"
STATUS = "post_api_v1_integration_payment_redeem_code_status"
PATIENCE = 30


@pytest.mark.parametrize("mount", MOUNTS)
def test_the_page_is_served_by_each_party_and_loads_nothing_from_elsewhere(world, mount):
    page = world.send("GET", f"{mount}/swagger")
    assert (page.status, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self';" in policy
    assert "unsafe-eval" not in policy
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page.body.decode())
    assert loaded.pop(0) == "data:,"
    assert len(loaded) == 3
    for path in loaded:
        assert path.startswith(f"{mount}/swagger/")
        asset = world.send("GET", path)
        assert asset.status == 200
        assert asset.headers["Content-Type"].partition(";")[0] in ("text/javascript", "text/css")


@pytest.mark.parametrize("name", UNPACKED)
def test_the_copy_is_the_released_file_and_comes_packed_to_whoever_takes_it(world, name):
    plain = world.send("GET", f"/prakerja/swagger/{name}")
    packed = world.send("GET", f"/prakerja/swagger/{name}", Accept_Encoding="gzip, deflate")
    assert hashlib.sha256(plain.body).hexdigest() == UNPACKED[name]
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < 500_000


def test_a_page_in_a_named_sandbox_stays_in_it(world):
    text = world.send("GET", "/s/default/prakerja/swagger").body.decode()
    assert 'data-base="/s/default/prakerja"' in text


@pytest.mark.parametrize("name", ["NOTICE", "..", "page.html", "x"])
def test_nothing_else_of_the_folder_is_served(world, name):
    assert world.send("GET", f"/prakerja/swagger/{name}").status == 404


def test_the_folder_names_the_licence_of_what_is_not_ours():
    notice = (HERE / "NOTICE").read_text()
    assert "swagger-ui-dist 5.35.0" in notice
    assert "Apache License" in (HERE / "LICENSE").read_text()
    assert "swagger-ui" in (REPOSITORY / "docs" / "decisions.md").read_text()


@pytest.mark.skipif(chromium.PROGRAM is None, reason="NO BROWSER: nobody pressed Execute; install chromium")
@pytest.mark.timeout(240)
@pytest.mark.parametrize("sandbox", ["", "/s/default"])
def test_execute_on_redeem_code_status_is_signed_and_gets_200(live, sandbox):
    with chromium.window(PICTURES) as window:
        window.call("Page.addScriptToEvaluateOnNewDocument", source=WATCHED)
        window.open(f"{live.url}{sandbox}/prakerja/swagger#/institution/{STATUS}")
        there = f"document.querySelector('#operations-institution-{STATUS}')"
        until(window, f"{there} !== null")
        window.run(f"{there}.querySelector('.opblock-summary-control').click()")
        until(window, f"{there}.querySelector('.execute') !== null")
        window.run(f"{there}.querySelector('.execute').click()")
        answered = f"{there}.querySelector('.live-responses-table tbody .response-col_status')"
        until(window, f"{answered} !== null")
        window.picture("swagger")
        told = window.run(f"{there}.querySelector('.live-responses-table').innerText")
        assert window.run(f"{answered}.innerText").strip().startswith("200"), told
        assert '"attendance_status"' in told
        assert window.run("window.violations") == []


WATCHED = """
window.violations = [];
document.addEventListener(
  "securitypolicyviolation", (e) => violations.push(e.violatedDirective + " " + e.blockedURI));
"""


def until(window, question):
    late = time.monotonic() + PATIENCE
    while not window.run(question):
        assert time.monotonic() < late, f"waited too long: {question}"
        chromium.PAUSE.wait(0.1)

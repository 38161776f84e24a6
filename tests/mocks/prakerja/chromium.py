"""A real browser, held by its debugging pipe: nothing to install beside it, no port to open."""

import base64
import json
import os
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from threading import Event

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
OPTIONS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--mute-audio",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-default-apps", "--disable-extensions", "--disable-dev-shm-usage", "--hide-scrollbars",
    "--password-store=basic", "--remote-debugging-pipe",
]  # fmt: skip
PATIENCE = 30
PAUSE = Event()


class Window:
    """One tab of the size of a phone."""

    def __init__(self, send_to, read_from, pictures):
        self._to, self._from, self._pictures = send_to, read_from, pictures
        self._number, self._rest, self._session = 0, b"", None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        size = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
        self.call("Emulation.setDeviceMetricsOverride", **size)
        self.call("Page.enable")

    def call(self, method, **params):
        """One command and its answer."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            told = self._read()
            if told.get("id") == self._number:
                assert "error" not in told, told
                return told["result"]

    def open(self, url):
        """Type an address and wait until the page is there."""
        self.call("Page.navigate", url=url)
        return self.settled()

    def run(self, script):
        """The value of a script's last expression."""
        told = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in told, (script, told)
        return told["result"].get("value")

    def fill(self, name, text):
        """Type into a field."""
        self.run(f"document.querySelector('[name={name}]').value = {json.dumps(text)}")

    def press(self, button):
        """Press a button and wait for what comes next."""
        self.run("window.before = true")
        self.run(f"document.querySelector('button[value={button}]').click()")
        until = time.monotonic() + PATIENCE
        while self._said("window.before === true", until):
            PAUSE.wait(0.05)
        return self.settled()

    def settled(self):
        """Wait until the page is read; answers its address."""
        until = time.monotonic() + PATIENCE
        while self._said("document.readyState !== 'complete' || location.href === 'about:blank'", until):
            PAUSE.wait(0.05)
        return self.run("location.href")

    def picture(self, name):
        """Keep what is seen."""
        shot = self.call("Page.captureScreenshot", format="png")["data"]
        self._pictures.mkdir(parents=True, exist_ok=True)
        (self._pictures / f"{name}.png").write_bytes(base64.b64decode(shot))

    def _said(self, question, until):
        assert time.monotonic() < until, f"waited too long: {question}"
        try:
            return self.run(question)
        except AssertionError:  # the page is just being changed for another
            return True

    def _read(self):
        while b"\0" not in self._rest:
            more = os.read(self._from, 1 << 16)
            assert more, "the browser is gone"
            self._rest += more
        message, _, self._rest = self._rest.partition(b"\0")
        return json.loads(message)


@contextmanager
def window(pictures: Path):
    """A browser of its own, ended afterwards with all that it kept."""
    here_to_it, it_to_here = os.pipe(), os.pipe()
    theirs = (here_to_it[0], it_to_here[1])
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        script = f'exec "$0" "$@" 3<&{theirs[0]} 4>&{theirs[1]}'
        command = ["bash", "-c", script, PROGRAM, *OPTIONS, f"--user-data-dir={home}"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "stdin": subprocess.DEVNULL}
        process = subprocess.Popen(command, pass_fds=theirs, **quiet)
        for end in theirs:
            os.close(end)
        try:
            yield Window(here_to_it[1], it_to_here[0], pictures)
        finally:
            for end in (here_to_it[1], it_to_here[0]):
                os.close(end)
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)

"""Where the sandboxes of failed plays are to be seen after a run with `--keep`."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass

from prakerja_sim.mocks.server import on_gunicorn, serve
from prakerja_sim.mocks.server.app import Parties
from prakerja_sim.mocks.server.options import shown_store
from prakerja_sim.scenarios.engine.outcome import Report

HOST, WAITING = "127.0.0.1", 64


@dataclass(frozen=True, slots=True)
class Kept:
    """The sandboxes that were kept, and the simulator that has them."""

    sandboxes: tuple[tuple[str, str], ...]
    """What each was, and its name."""
    url: str
    how: str
    """How long it is there, or how it is served."""
    here: Parties | None = None
    """The simulator in this process that is to be served; None if somebody else has them."""
    listening: socket.socket | None = None
    """Where it is served: whoever asks before it is, waits."""

    def lines(self) -> Iterator[str]:
        """What is said of them, with the commands that look at them; nothing if there are none."""
        if not self.sandboxes:
            return
        yield f"sandboxes of failed plays that are kept: {len(self.sandboxes)}; {self.how}"
        for what, name in self.sandboxes:
            yield f"  {what}"
            yield f"    address:  {self.url}/s/{name}/"
            yield f"    timeline: curl '{self.url}/s/{name}/__admin/timeline?format=text'"
            yield f"    ledger:   prakerja-sim ledger --url {self.url} --sandbox {name}"

    def serve(self) -> None:
        """Serve those in this process until Ctrl-C."""
        if self.here is None or self.listening is None:
            return
        application = self.here.application
        try:
            on_gunicorn.run(
                f"fd://{self.listening.fileno()}",
                threads=serve.THREADS,
                connections=serve.CONNECTIONS,
                patience=serve.STALLED_SECONDS,
                load=lambda: application,
            )
        except SystemExit:  # how gunicorn ends; what the run came to is what the command ends with
            return


def of(report: Report, store: str, against: str | None, here: Parties | None) -> Kept:
    """Where the kept sandboxes of a run are: where it was played, in the file, or here for a while."""
    sandboxes = tuple(
        (f"{one.story.title} ({one.marketplace})", one.scene.sandbox)
        for one in report.outcomes
        if one.kept and one.scene is not None
    )
    if against is not None:
        return Kept(sandboxes, against.rstrip("/"), "they are there until they are dropped or replayed")
    if store != "memory":
        where = "file" if store.startswith("lmdb:") else "database"
        how = f"they are in the {where}; serve it with: prakerja-sim serve --store {shown_store(store)}"
        return Kept(sandboxes, "http://127.0.0.1:8420", how)
    if not sandboxes or here is None:
        return Kept(sandboxes, "", "")
    listening = socket.create_server((HOST, 0), backlog=WAITING)
    url = here.about["url"] = f"http://{HOST}:{listening.getsockname()[1]}"
    return Kept(sandboxes, url, "they are served until Ctrl-C", here, listening)

"""A database that ends and comes back under load: buyers wait or are refused, and nothing is lost."""

import signal
import threading
from contextlib import suppress
from http.client import HTTPConnection

import pytest

from tests.crash.test_killed_at_any_moment import BUYERS, Client, Unavailable, check_restarted, client_of
from tests.live import Live, serving
from tests.postgres import Database


class Persistent:
    """Clients that buy until they are told to end, whatever the party's 503 says."""

    def __init__(self, server: Live, first: int) -> None:
        self.clients = [client_of(server, first + number, BUYERS) for number in range(BUYERS)]
        self.bought = threading.Semaphore(0)
        self.problems: list[BaseException] = []
        self._ending = threading.Event()
        self._threads = [threading.Thread(target=self._buy, args=(one,)) for one in self.clients]
        for thread in self._threads:
            thread.start()

    def forget(self) -> None:
        """Count anew: what is acknowledged from now on."""
        while self.bought.acquire(blocking=False):
            pass

    def wait_for(self, purchases: int) -> None:
        """Until so many more were acknowledged."""
        for _ in range(purchases):
            assert self.bought.acquire(timeout=60), self.problems

    def end(self) -> None:
        self._ending.set()
        for thread in self._threads:
            thread.join()
        assert self.problems == []

    def _buy(self, client: Client) -> None:
        connection = HTTPConnection(client.address, timeout=60)
        try:
            while not self._ending.is_set():
                with suppress(Unavailable):
                    client.buy(connection)
                    self.bought.release()
                client.number += client.stride
        except BaseException as problem:
            self.problems.append(problem)
            raise
        finally:
            connection.close()


@pytest.mark.timeout(1800)
def test_no_acknowledged_purchase_is_lost_and_buying_goes_on(
    database: Database, request: pytest.FixtureRequest
) -> None:
    crashes = request.config.getoption("--kills")
    acknowledged, first = 0, 100
    with serving("--store", database.emptied(), "--fixed-otp", "123456") as server:
        for number in range(crashes):
            buying = Persistent(server, first)
            buying.wait_for(BUYERS)
            database.stop(signal.SIGQUIT if number % 2 else signal.SIGINT)
            buying.forget()
            database.start()
            buying.wait_for(2 * BUYERS)  # of each buyer one answer may have been on its way
            buying.end()
            acknowledged += check_restarted(server, buying.clients)
            first = max(client.number for client in buying.clients) + BUYERS
    record = f"{crashes} restarts, {acknowledged} acknowledged purchases, none lost"
    request.node.user_properties.append(("crash", record))

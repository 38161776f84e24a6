"""The glue: the shop finds Prakerja by its environment, or calls the real address, which is intercepted."""

import pytest
from shop import Shop


@pytest.fixture(params=["prakerja", "prakerja_responses"])
def shop(request, monkeypatch):
    box = request.getfixturevalue(request.param)
    for name, value in box.env("tokopedia").items():
        monkeypatch.setenv(name, value)
    if request.param == "prakerja_responses":
        monkeypatch.delenv("PRAKERJA_BASE_URL")
    return Shop(now=lambda: box.clock.now)

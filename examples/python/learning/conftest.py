"""The glue: the site finds Prakerja by its environment, or calls the real address, which is intercepted."""

import pytest
from learning import Site


@pytest.fixture(params=["prakerja", "prakerja_httpx"])
def site(request, monkeypatch):
    box = request.getfixturevalue(request.param)
    for name, value in box.env("lp-kopi").items():
        monkeypatch.setenv(name, value)
    if request.param == "prakerja_httpx":
        monkeypatch.delenv("PRAKERJA_BASE_URL")
    return Site()

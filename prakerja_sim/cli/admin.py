"""How the commands ask a running simulator, and how they end: 1 judged and found wanting, 2 bad input."""

import json
import os
from typing import Any

import click

URL = "http://127.0.0.1:8420"
at_url = click.option("--url", default=URL, show_default=True, help="A running simulator.")
in_sandbox = click.option("--sandbox", default="default", show_default=True, help="Which of its sandboxes.")


class Failed(click.ClickException):
    """Something asked for was judged and found wanting."""

    exit_code = 1


class BadInput(click.ClickException):
    """What was asked cannot be done; nothing was changed."""

    exit_code = 2


def admin(url: str, sandbox: str, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """What the admin API of that sandbox answers, JSON or text; raises BadInput with its refusal."""
    import requests

    token = os.environ.get("PRAKERJA_SIM_TOKEN")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        answer = requests.request(
            method, f"{url.rstrip('/')}/s/{sandbox}/__admin{path}", json=body, headers=headers, timeout=60
        )
        if answer.ok and answer.headers.get("Content-Type", "").startswith("text/plain"):
            return answer.text
        told = answer.json()
    except requests.ConnectionError:
        raise BadInput(f"nobody answers at {url}; start it with: prakerja-sim serve") from None
    except (requests.RequestException, json.JSONDecodeError) as problem:
        raise BadInput(f"{url} does not answer as a simulator: {problem}") from None
    if answer.status_code == 401:
        raise BadInput(f"{url} wants its token: set PRAKERJA_SIM_TOKEN to the one with which it was started")
    if not answer.ok:
        error = told.get("error", told)
        raise BadInput(error["message"] if isinstance(error, dict) else str(error))
    return told

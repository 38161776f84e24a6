"""Brings a file's tables to the newest version, at start, or refuses the file as it is.

Alembic is imported only when there is something to do: a start must be quick.
"""

import sqlite3
from pathlib import Path

from prakerja_sim.simulator.values.errors import StoreUnusable

HEAD = "0001"
"""The newest migration in `migrations/versions`."""
APPLICATION_ID = 0x50524B4A
"""Marks a file as ours: "PRKJ"."""


def check(path: Path) -> str | None:
    """The version of the tables in a file, None if it has none; StoreUnusable if it is not for us."""
    version = _version(path)
    if version is not None and version > HEAD:
        raise StoreUnusable(
            f"{path} was made by a newer version (schema {version}, here {HEAD}); upgrade first"
        )
    return version


def migrate(path: Path) -> None:
    """Create or upgrade the tables in a file."""
    if check(path) == HEAD:
        return

    import sqlalchemy as sa
    from alembic import command
    from alembic.config import Config

    config = Config()
    scripts = Path(__file__).parent / "migrations"
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.attributes["url"] = sa.URL.create("sqlite", database=str(path))
    command.upgrade(config, HEAD)
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.close()


def _version(path: Path) -> str | None:
    if not path.exists() or path.stat().st_size == 0:
        return None
    db = sqlite3.connect(path)
    try:
        owner = db.execute("PRAGMA application_id").fetchone()[0]
        tables = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if "alembic_version" not in tables:
            if tables or owner not in (0, APPLICATION_ID):
                raise StoreUnusable(f"{path} is another program's database; name another file")
            return None
        row = db.execute("SELECT version_num FROM alembic_version").fetchone()
        return row[0] if row else None
    except sqlite3.DatabaseError as problem:
        raise StoreUnusable(f"{path} is not a usable SQLite file ({problem}); name another file") from None
    finally:
        db.close()

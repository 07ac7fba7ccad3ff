"""`./hemaqueue restore DIR --keys FILE --data DIR`: a backup becomes a system again."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from deploy.local.backup import copying, dumping, manifest
from deploy.local.backup.__main__ import TROUBLE
from deploy.local.backup.keys import Keys, given_url, keys_given
from deploy.local.backup.manifest import BackupRefused, Manifest
from deploy.local.console import Console
from deploy.local.installation import manage
from deploy.local.paths import VENV
from deploy.local.postgres import Postgres


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser("./hemaqueue restore")
    add = parser.add_argument
    add("folder", type=Path, metavar="DIR", help="the backup")
    add("--data", type=Path, required=True, metavar="DIR", help="a new folder for the system")
    add("--keys", type=Path, required=True, metavar="FILE", help="the copy of secrets/keys.json")
    options = parser.parse_args(arguments)
    try:
        restore(
            options.folder.absolute(),
            data=options.data.absolute(),
            keys=keys_given(options.keys),
            console=Console(),
        )
    except TROUBLE as error:
        print(f"nothing was restored: {error}", file=sys.stderr)
        return 1
    return 0


def restore(folder: Path, *, data: Path, keys: Keys, console: Console) -> Manifest:
    """Make a system of a backup, below a new folder. Raises one of TROUBLE, and leaves nothing."""
    began = time.monotonic()
    found = checked(folder, keys=keys)
    if data.exists() and any(data.iterdir()):
        raise BackupRefused(f"{data} is not empty: a backup is restored into a new folder")
    own = Postgres(data, VENV)
    if own.data.exists():
        raise BackupRefused(f"{own.data} holds a database already")
    console.say(f"backup of {found.made_at}: {found.images} images; copying {found.files} files …")
    url = given_url()
    try:
        _fill(data, keys=keys, folder=folder)
        if not url:
            own.start()
        _load(folder, url=url or own.url, bin=dumping.programs(None if url else own.data))
        _check(found, keys=keys, data=data, url=url or own.url)
    except BaseException:
        own.remove()
        shutil.rmtree(data, ignore_errors=True)
        raise
    own.stop()
    console.say(f"restored into {data} in {time.monotonic() - began:.1f} s; every sum is right and")
    console.say(f"the audit trail holds. Start it: ./hemaqueue demo --data {data}")
    return found


def checked(folder: Path, *, keys: Keys) -> Manifest:
    """Return the manifest of a whole backup that these keys open. Raises BackupRefused."""
    found = manifest.read(folder)
    if found.storage_key != manifest.fingerprint(keys["HEMAQUEUE_STORAGE_KEY"]):
        raise BackupRefused("these are not the keys that the files were encrypted with")
    for name, wanted in ((manifest.DUMP, found.dump_sha256), (manifest.SUMS, found.sums_sha256)):
        if not (folder / name).is_file() or manifest.digest(folder / name) != wanted:
            raise BackupRefused(f"{folder / name} is missing or altered")
    return found


def _fill(data: Path, *, keys: Keys, folder: Path) -> None:
    data.mkdir(parents=True, exist_ok=True)
    secrets = data / "secrets"
    secrets.mkdir(mode=0o700)
    handle = os.open(secrets / "keys.json", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(keys, file, indent=1)
    (data / "static").mkdir()
    files = data / "files"
    files.mkdir(mode=0o700)
    copying.restore_all(folder / manifest.FILES, files, copying.sums(folder / manifest.SUMS))


def _load(folder: Path, *, url: str, bin: Path) -> None:
    if not dumping.is_empty(url):
        raise BackupRefused("the database is not empty: a backup is restored into a new one")
    dumping.restore(folder / manifest.DUMP, url, bin=bin)


def _check(found: Manifest, *, keys: Keys, data: Path, url: str) -> None:
    """Bring the tables up to this release, recompute the audit trail, and say so in it."""
    given = keys | {"DATABASE_URL": url, "HEMAQUEUE_DATA": str(data)}
    manage("migrate", "--no-input", "--verbosity", "0", given=given)
    manage("verify_audit", given=given)
    manage("note_backup", "--restored", f"--made-at={found.made_at}", given=given)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

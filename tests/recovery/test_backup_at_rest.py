"""A system that does not run is backed up as well; what is missing from it is told."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from deploy.local import environment
from deploy.local.installation import manage
from deploy.local.postgres import Postgres
from tests.recovery.drill import run

pytestmark = pytest.mark.timeout(600)

VENV = Path(sys.prefix)
NAMED = """
INSERT INTO registry_modelversion (id, name, network, image_kind, status, bundle_key, digest, facts,
    card, rejected_because, created_at)
VALUES (gen_random_uuid(), 'm', 'n', 'field', 'candidate', 'bundles/none', 'd', '{}', '', '', now())
"""


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """The folder of a stopped system with tables, one file, and one row that names another."""
    folder = tmp_path / "data"
    (folder / "files" / "images").mkdir(parents=True)
    (folder / "files" / "images" / "one").write_bytes(b"HQF1 sealed")
    own = Postgres(folder, VENV, throwaway=True)
    own.start()
    given = environment.keys(folder) | {"DATABASE_URL": own.url, "HEMAQUEUE_DATA": str(folder)}
    manage("migrate", "--no-input", "--verbosity", "0", given=given)
    with closing(psycopg2.connect(own.url)) as database, database, database.cursor() as cursor:
        cursor.execute(NAMED)
    own.stop()
    yield folder
    own.remove()


def test_a_stopped_system_is_backed_up_and_restored(data: Path, tmp_path: Path) -> None:
    backup, new = tmp_path / "backup", tmp_path / "new"
    done = run("deploy.local.backup", backup, "--data", data)
    assert (done.returncode, "1 files that rows name are NOT there" in done.stderr) == (3, True)
    keys = data / "secrets" / "keys.json"
    try:
        again = run("deploy.local.backup.restoring", backup, "--data", new, "--keys", keys)
        assert again.returncode == 0, again.stderr
        assert (new / "files" / "images" / "one").read_bytes() == b"HQF1 sealed"
        assert (new / "secrets" / "keys.json").stat().st_mode & 0o077 == 0
    finally:
        Postgres(new, VENV).remove()


@pytest.mark.parametrize("folder", ["nowhere", "empty"])
def test_what_is_no_system_is_not_backed_up(tmp_path: Path, folder: str) -> None:
    (tmp_path / "empty" / "files").mkdir(parents=True)
    environment.keys(tmp_path / "empty")
    done = run("deploy.local.backup", tmp_path / "backup", "--data", tmp_path / folder)
    assert (done.returncode, done.stderr.startswith("no backup was made: ")) == (1, True)
    assert not (tmp_path / "backup" / "manifest.json").exists()

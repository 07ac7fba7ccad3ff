"""The restore drill, on real systems: what was signed and what was acknowledged is there again."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.backup import manifest
from tests.recovery.drill import Drill, Uploads, enter, run, sign_a_case
from tests.stack import Stack, running_stack
from training_worker.synthetic import write_folder

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def drill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drill]:
    """A system with a signed case, backed up while uploads went on; the system is gone then."""
    folder = tmp_path_factory.mktemp("drill")
    write_folder(folder / "smears", per_class=30, seed=11, size=224)
    smears = [path for path in sorted((folder / "smears").rglob("*")) if path.is_file()]
    with running_stack(folder / "one", silence_seconds=60) as one:
        signed = sign_a_case(one, folder / "signed")
        made = Drill(one, folder, signed, Uploads(one, smears))
        made.back_up()
    yield made


@pytest.fixture(scope="module")
def two(drill: Drill) -> Iterator[Stack]:
    """The system that was made of the backup."""
    data, began = drill.folder / "two", time.monotonic()
    done = drill.restore(data)
    assert done.returncode == 0, done.stderr
    drill.figures["restore_s"] = round(time.monotonic() - began, 1)
    with drill.running(data) as stack:
        drill.figures["rto_s"] = round(time.monotonic() - began, 1)
        drill.figures["bytes"] = sum(
            path.stat().st_size for path in drill.backup.rglob("*") if path.is_file()
        )
        sys.stderr.write(f"\nrestore drill: {json.dumps(drill.figures)}\n")
        yield stack


def test_the_signed_report_is_the_same_file_and_genuine(drill: Drill, two: Stack) -> None:
    clara = enter(two, "clara")
    assert clara.page(f"/reports/{drill.signed.report}/")[:2] == (200, drill.signed.pdf)
    status, shown, _ = clara.page(f"/verify/{drill.signed.report}/")
    assert status == 200
    assert b"The signature holds" in shown
    assert hashlib.sha256(drill.signed.pdf).hexdigest().encode() in shown


def test_every_upload_acknowledged_before_the_cut_is_readable(drill: Drill, two: Stack) -> None:
    clara, before = enter(two, "clara"), drill.uploads.before(drill.began)
    assert before
    for image, sha256 in before.items():
        status, original, _ = clara.page(f"/api/v1/images/{image}/original/")
        assert (status, hashlib.sha256(original).hexdigest()) == (200, sha256)


def test_no_row_names_a_file_that_is_not_there(drill: Drill, two: Stack) -> None:
    files = two.installation.data / "files"
    keys = [key for (key,) in two.rows("SELECT key FROM specimens_smearimage")]
    assert len(keys) > len(drill.uploads.before(drill.began))
    assert [key for key in keys if not (files / key).is_file()] == []


def test_work_that_waited_goes_on(two: Stack) -> None:
    left = "SELECT count(*) FROM jobs_job WHERE finished_at IS NULL"
    two.watch(lambda: two.rows(left) == [(0,)], seconds=300)
    assert two.rows("SELECT count(*) FROM jobs_job WHERE state <> 'succeeded'") == [(0,)]


def test_the_trail_tells_of_the_backup_and_of_its_return(two: Stack) -> None:
    told = "SELECT count(*) FROM audit_auditevent WHERE action = %s"
    assert two.rows(told, "backup.restore") == [(1,)]
    assert "The chain holds." in two.installation.manage("verify_audit")


def test_nothing_in_the_backup_is_readable_and_no_key_is_in_it(drill: Drill) -> None:
    keys = json.loads(drill.keys.read_text())
    sent = [smear.read_bytes() for smear in drill.uploads.smears]
    head = b"JFIF\0\1"  # three bytes would stand in some cipher text by chance
    assert all(head in one for one in sent)
    insides = [one[200:240] for one in (*sent, drill.signed.pdf)]
    secrets = [value.encode() for value in keys.values()]
    words = [b"DRILL-1", b"clara", head, b"%PDF", *insides, *secrets]
    for path in drill.backup.rglob("*"):
        if path.is_file() and "bundles" not in path.parts:
            assert not [word for word in words if word in path.read_bytes()], path


def test_a_backup_is_not_written_over_another(drill: Drill) -> None:
    again = run("deploy.local.backup", drill.backup, "--data", drill.one.installation.data)
    assert (again.returncode, "is not empty" in again.stderr) == (1, True)


def test_a_system_is_not_restored_over_another(drill: Drill, tmp_path: Path) -> None:
    (tmp_path / "something").touch()
    done = drill.restore(tmp_path)
    assert (done.returncode, "is not empty" in done.stderr) == (1, True)
    assert [path.name for path in tmp_path.iterdir()] == ["something"]


@pytest.mark.parametrize("part", ["manifest.json", "database.sealed", "sums.txt", "a file", "keys"])
def test_what_is_not_whole_is_refused_and_leaves_nothing(
    drill: Drill, tmp_path: Path, part: str
) -> None:
    copy = Drill(drill.one, tmp_path, drill.signed, drill.uploads)
    shutil.copytree(drill.folder / "backup", copy.backup)
    shutil.copytree(drill.keys.parent, copy.keys.parent)
    spoil(copy, part)
    done = copy.restore(tmp_path / "new")
    assert (done.returncode, "nothing was restored" in done.stderr) == (1, True)
    assert not (tmp_path / "new").exists()


def spoil(copy: Drill, part: str) -> None:
    if part == "manifest.json":
        (copy.backup / part).unlink()  # as a backup that was killed
    elif part == "keys":
        keys = json.loads(copy.keys.read_text())
        copy.keys.write_text(json.dumps(keys | {"HEMAQUEUE_MESSAGE_KEY": "another"}))
    else:
        images = sorted((copy.backup / manifest.FILES / "images").rglob("*.thumbnail"))
        path = images[0] if part == "a file" else copy.backup / part
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)

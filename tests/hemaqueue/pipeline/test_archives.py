"""A ZIP becomes a batch: unpacked in the background, file by file, once whatever happens."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from hemaqueue.accounts.models import User
from hemaqueue.common.errors import NotAllowed
from hemaqueue.jobs.models import Job
from hemaqueue.pipeline import archives, steps
from hemaqueue.pipeline.counting import batch_counts
from hemaqueue.specimens import archives as store
from hemaqueue.specimens.models import Batch, Case, SmearImage
from hemaqueue.specimens.services import CaseContext, StorageFull
from jobcontract import storage
from jobcontract.names import Work
from tests import factories
from tests.archives import stored, zipped
from tests.pictures import blank_file

pytestmark = pytest.mark.django_db

PICTURES = {f"tray/{n}.png": factories.picture_file(4000 + n) for n in range(4)}


@pytest.fixture
def tessa() -> User:
    factories.ModelVersionFactory()
    return factories.tessa()


def submit(
    files: dict[str, bytes], *, by: User, manifest: str | None = None, **more: Any
) -> tuple[Batch, Job]:
    data = zipped(files)
    context = CaseContext(site=factories.SiteFactory(), kind="synthetic", **more)
    said = manifest.encode() if manifest is not None else None
    judged = archives.archive_judge(stored(data), size=len(data), site=context.site, manifest=said)
    return archives.archive_submitted(judged, context=context, name="", hold=False, by=by)


def unpack(batch: Batch) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = []
    archives.archive_unpack(batch, progress=told.append)
    return told


def test_every_picture_becomes_an_image_of_one_case(tessa: User) -> None:
    batch, job = submit(PICTURES, by=tessa)
    assert (job.work, batch.expected) == (Work.UNPACK_ARCHIVE, 4)
    assert unpack(batch)[0] == {"done": 0, "of": 4}
    assert {image.filename for image in batch.images.all()} == set(PICTURES)
    assert Case.objects.count() == 1
    assert Job.objects.filter(work=Work.CLASSIFY_SMEARS).count() == 4


def test_a_bad_file_is_named_and_the_good_ones_are_kept(tessa: User) -> None:
    bad = {
        "letter.png": b"%PDF-1.4",
        "notes.txt": b"hello",
        "half.png": PICTURES["tray/0.png"][:99],
    }
    batch, _ = submit(PICTURES | bad, by=tessa)
    unpack(batch)
    assert batch.images.count() == 4
    assert {one.filename: one.code for one in batch.refused.all()} == {
        "letter.png": "unsupported_type",
        "notes.txt": "unsupported_type",
        "half.png": "corrupt_image",
    }


def test_a_second_try_waits_for_the_one_that_was_taken_for_dead(tessa: User) -> None:
    batch, _ = submit(PICTURES, by=tessa)
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [f"unpack {batch.pk}"])
    told: list[dict[str, Any]] = []

    def heard(said: dict[str, Any]) -> None:
        told.append(said)
        if not said:
            assert not batch.images.exists()
            other.close()

    archives.archive_unpack(batch, progress=heard)
    assert told[:2] == [{}, {"done": 0, "of": 4}]
    assert batch.images.count() == 4


def test_the_same_picture_twice_is_one_image_and_one_duplicate(tessa: User) -> None:
    batch, _ = submit(PICTURES | {"again.png": PICTURES["tray/0.png"]}, by=tessa)
    unpack(batch)
    counts = batch_counts(batch)
    assert (counts.images, counts.duplicates, counts.missing) == (4, 1, 0)


def test_unpacking_again_after_a_crash_goes_on_where_it_stopped(
    tessa: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch, _ = submit(PICTURES | {"letter.png": b"%PDF"}, by=tessa)
    real, calls = archives.smear_accept, []

    def crash_at_third(*args: Any, **more: Any) -> Any:
        calls.append(more["name"])
        if len(calls) == 3:
            raise StorageFull
        return real(*args, **more)

    monkeypatch.setattr(archives, "smear_accept", crash_at_third)
    with pytest.raises(StorageFull):
        unpack(batch)
    assert batch.images.count() == 2
    unpack(batch)
    unpack(batch)
    counts = batch_counts(batch)
    assert (counts.images, counts.refused, counts.duplicates) == (4, 1, 0)
    assert len(calls) == 3 + 3


def test_a_manifest_gives_each_picture_its_case(tessa: User) -> None:
    rows = "".join(f"{n}.png,BM-{n % 2},P-{n % 2},Giemsa {n}\n" for n in range(4))
    batch, _ = submit(PICTURES, by=tessa, manifest="filename,accession,patient,stain\n" + rows)
    unpack(batch)
    assert sorted(Case.objects.values_list("accession", "patient")) == [
        ("BM-0", "P-0"), ("BM-1", "P-1"),
    ]  # fmt: skip
    stains = {image.filename: image.slide.stain for image in batch.images.all()}
    assert stains["tray/3.png"] == "Giemsa 3"


def test_a_manifest_in_the_archive_is_used(tessa: User) -> None:
    rows = "filename,accession\n" + "".join(f"tray/{n}.png,BM-7\n" for n in range(4))
    batch, _ = submit(PICTURES | {"manifest.csv": rows.encode()}, by=tessa)
    unpack(batch)
    assert {image.case.accession for image in batch.images.all()} == {"BM-7"}


def test_a_manifest_that_does_not_fit_opens_nothing(tessa: User) -> None:
    with pytest.raises(archives.ManifestRefused) as refused:
        submit(PICTURES, by=tessa, manifest="filename\n0.png\n")
    assert [one["code"] for one in refused.value.errors] == ["file_without_row"] * 3
    assert not Batch.objects.exists()
    assert not Case.objects.exists()


def test_who_may_not_upload_opens_nothing() -> None:
    with pytest.raises(NotAllowed):
        submit(PICTURES, by=factories.adam())
    assert not Batch.objects.exists()


def test_the_archive_is_removed_when_its_work_is_done(
    tessa: User, django_capture_on_commit_callbacks: Any
) -> None:
    batch, job = submit(PICTURES, by=tessa)
    prefix = f"{store.FOLDER}/{batch.pk.hex}"
    assert list(storage.keys(prefix))
    with django_capture_on_commit_callbacks(execute=True):
        steps.archives_unpacked([(job, None)])  # type: ignore[list-item]
    assert list(storage.keys(prefix)) == []


def test_nothing_of_an_archive_lies_on_disk_in_clear(tessa: User) -> None:
    mark = b"MARKER-OF-A-PATIENT" * 50
    archive = stored(zipped({"marker name.png": mark}))
    for key in storage.keys(f"{store.FOLDER}/{archive.hex}"):
        sealed = storage.read(key)
        assert mark[:19] not in sealed
        assert b"marker name" not in sealed


def test_a_large_archive_is_read_in_place(tessa: User) -> None:
    """Three parts of 8 MiB: an entry that lies over a border is read whole."""
    files = {f"{n}.bin": bytes([n]) * (5 << 20) for n in range(5)}
    data = zipped(files)
    archive = stored(data)
    with store.archive_file(archive, size=len(data)) as file:
        assert file.read(10) == data[:10]
        file.seek(store.PART_BYTES - 3)
        assert file.read(6) == data[store.PART_BYTES - 3 : store.PART_BYTES + 3]
        file.seek(-7, 2)
        assert file.read() == data[-7:]


def test_a_poor_picture_of_an_archive_can_be_held(tessa: User) -> None:
    grey = blank_file()
    data = zipped({"blank.png": grey, **PICTURES})
    context = CaseContext(site=factories.SiteFactory(), kind="synthetic")
    judged = archives.archive_judge(stored(data), size=len(data), site=context.site, manifest=None)
    batch, _ = archives.archive_submitted(judged, context=context, name="", hold=True, by=tessa)
    unpack(batch)
    held = SmearImage.objects.get(held_at__isnull=False)
    assert held.filename == "blank.png"
    assert batch_counts(batch).held == 1

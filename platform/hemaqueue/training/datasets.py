"""Data sets from outside: looked over, imported picture by picture, grouped, told of.

Every picture goes through the door of all uploads: the same checks, the same encrypted storage.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from hemaqueue.accounts.selectors import require_installation
from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Conflict, PlatformError, Refused
from hemaqueue.specimens.services import StoredSmear, smear_committed, smear_store
from hemaqueue.training.imported import own_group
from hemaqueue.training.layouts import read_files
from hemaqueue.training.layouts.base import Fault, Files, Labelled
from hemaqueue.training.lessons import CONTRADICTED
from hemaqueue.training.models import Dataset, DatasetFault, DatasetImage
from hemaqueue.training.naming import named, require_classes
from jobcontract.grouping import Item, groups_joined
from jobcontract.image_refusals import ImageRefused

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User

Progress = Callable[[dict[str, Any]], None]
TELL_EVERY = 20
ROWS_AT_ONCE = 500


class NameMissing(Refused):
    """Give the data set a name."""

    code = "name_required"


class ImportBegan(Conflict):
    """This data set is imported already, or it was thrown away."""

    code = "import_began"


class NoArchive(Conflict):
    """This data set lies in a folder. Import it there: manage.py import_dataset FOLDER --resume."""

    code = "no_archive"


@transaction.atomic
def dataset_look_over(
    files: Files,
    *,
    name: str,
    kind: str,
    layout: str = "",
    source: str = "",
    size: int = 0,
    by: User,
    pk: UUID | None = None,
) -> Dataset:
    """Note what lies in a set, without opening a picture: the dry run of an import.

    Raises:
        Missing: `by` does not run the installation.
        NameMissing, NoPictures: there is no name, or no picture with a class.
    """
    require_installation(by)
    if not name.strip():
        raise NameMissing
    reading = read_files(files, layout=layout)
    dataset = Dataset.objects.create(
        pk=pk or uuid4(),
        name=name.strip()[:120],
        kind=kind,
        layout=reading.layout,
        source=source.strip()[:300],
        names=named([one.name for one in reading.pictures], kind=kind),
        found=reading.summary(),
        bytes=size,
        made_by=by,
    )
    audit_record("dataset.look_over", by=by, about=dataset, pictures=len(reading.pictures))
    return dataset


@transaction.atomic
def dataset_begin(dataset: Dataset, *, names: dict[str, str] | None = None, by: User) -> Dataset:
    """Say what each class of the set is called here ("" leaves it out), and that it may come.

    Raises:
        Missing: `by` does not run the installation.
        ImportBegan: it came already, or was thrown away.
        UnknownClass: a name was given to no class of this kind.
    """
    require_installation(by)
    dataset = Dataset.objects.select_for_update().get(pk=dataset.pk)
    if dataset.job_id or dataset.ended_at or dataset.discarded_at:
        raise ImportBegan
    chosen = {one: (names or {}).get(one, code) for one, code in dataset.names.items()}
    require_classes(chosen.values(), kind=dataset.kind)
    dataset.names = chosen
    dataset.save(update_fields=["names"])
    audit_record("dataset.import", by=by, about=dataset, kind=dataset.kind)
    return dataset


@transaction.atomic
def dataset_discard(dataset: Dataset, *, by: User) -> None:
    """Throw away a set that was only looked over. Raises Missing, ImportBegan."""
    require_installation(by)
    dataset = Dataset.objects.select_for_update().get(pk=dataset.pk)
    if dataset.job_id or dataset.ended_at or dataset.discarded_at or dataset.images.exists():
        raise ImportBegan
    Dataset.objects.filter(pk=dataset.pk).update(discarded_at=Now())
    audit_record("dataset.discard", by=by, about=dataset)


def dataset_import(dataset: Dataset, files: Files, *, progress: Progress) -> None:
    """Take every picture of a set; one that is refused is noted, and the others go on.

    What an earlier try took is not taken again.

    Raises:
        StorageFull, IntakeBusy: the rest has to wait.
    """
    reading = read_files(files, layout=dataset.layout)
    done = {one.name for one in dataset.images.only("name")}
    done |= {one.name for one in dataset.faults.only("name")}
    _note(dataset, [fault for fault in reading.faults if fault.file not in done])
    for number, picture in enumerate(reading.pictures):
        if number % TELL_EVERY == 0:
            progress({"done": number, "of": len(reading.pictures)})
        if picture.file not in done:
            _take(dataset, picture, files)
    progress({"done": len(reading.pictures), "of": len(reading.pictures), "stage": "grouping"})
    dataset_group(dataset)
    dataset_end(dataset)


def _note(
    dataset: Dataset, faults: list[Fault], *, twin: DatasetImage | None = None, label: str = ""
) -> None:
    rows = [
        DatasetFault(dataset=dataset, name=f, code=c, detail=d[:300], twin=twin, label=label)
        for f, c, d in faults
    ]
    DatasetFault.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)


def _take(dataset: Dataset, picture: Labelled, files: Files) -> None:
    label = dataset.names.get(picture.name, "")
    if not label and not picture.boxes:
        words = f"No class of this kind of image is called {picture.name!r}."
        return _note(dataset, [Fault(picture.file, "class_unknown", words)])
    try:
        data = files.read(picture.file, most=settings.HEMAQUEUE["UPLOAD_LIMIT_BYTES"])
        _keep(dataset, picture, label=label, data=data)
    except ImageRefused as refusal:
        _note(dataset, [Fault(picture.file, refusal.code, refusal.sentence)])
    except PlatformError as refusal:
        if refusal.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise
        _note(dataset, [Fault(picture.file, refusal.code, refusal.detail)])
    return None


def _keep(dataset: Dataset, picture: Labelled, *, label: str, data: bytes) -> None:
    stored = smear_store(data, name=picture.file)
    try:
        with smear_committed(stored):
            _row(dataset, picture, label=label, stored=stored).save(force_insert=True)
    except IntegrityError:
        same = DatasetImage.objects.select_related("dataset")
        twin = same.get(sha256=stored.inspected.sha256)
        fault = _repeated(picture, label=label, twin=twin, here=dataset)
        _note(dataset, [fault], twin=twin, label=label if fault.code == CONTRADICTED else "")


def _repeated(picture: Labelled, *, label: str, twin: DatasetImage, here: Dataset) -> Fault:
    """Return the fault of a copy; one without a class contradicts nothing."""
    where = "in this data set" if twin.dataset_id == here.pk else f"in {twin.dataset.name}"
    if label not in ("", twin.label):
        other = twin.label or "none"
        words = f"The same picture is {where} with another class ({other}). Neither teaches."
        return Fault(picture.file, CONTRADICTED, words)
    return Fault(picture.file, "duplicate", f"The same picture is {where} already.")


def _row(dataset: Dataset, picture: Labelled, *, label: str, stored: StoredSmear) -> DatasetImage:
    found = stored.inspected
    return DatasetImage(
        pk=stored.pk,
        dataset=dataset,
        name=picture.file,
        label=label,
        subject=picture.subject,
        given_group=picture.group,
        traits=dict(picture.traits),
        boxes=[[dataset.names.get(box.name) or box.name, *box[1:]] for box in picture.boxes],
        sha256=found.sha256,
        perceptual_hash=found.perceptual_hash,
        key=stored.original.key,
        format=found.format,
        bytes=stored.size,
        width=found.width,
        height=found.height,
    )


def dataset_group(dataset: Dataset) -> None:
    """Join what looks alike, within the set: the pages tell of it before anything is trained."""
    fields = ("pk", "dataset_id", "subject", "given_group", "sha256", "perceptual_hash")
    rows = list(dataset.images.order_by("pk").values(*fields))
    items = [Item(own_group(row), row["perceptual_hash"]) for row in rows]
    groups = groups_joined(items, kind=dataset.kind)
    images = [
        DatasetImage(pk=row["pk"], group=group) for row, group in zip(rows, groups, strict=True)
    ]
    DatasetImage.objects.bulk_update(images, ["group"], batch_size=ROWS_AT_ONCE)


@transaction.atomic
def dataset_end(dataset: Dataset) -> None:
    """The set is here, whole: from now on it may be frozen into snapshots."""
    if Dataset.objects.filter(pk=dataset.pk, ended_at=None).update(ended_at=Now()):
        audit_record(
            "dataset.imported",
            by=dataset.made_by,
            about=dataset,
            images=dataset.images.count(),
            faults=dataset.faults.count(),
        )

"""A data set in the words of the interface."""

from __future__ import annotations

from dataclasses import asdict

from hemaqueue.api.answers import (
    DatasetAnswer,
    DatasetPictureAnswer,
    PictureUseAnswer,
    PictureWithdrawalAnswer,
)
from hemaqueue.api.shown.links import link
from hemaqueue.training.dataset_selectors import dataset_counts, dataset_state
from hemaqueue.training.models import Dataset, DatasetImage, DatasetWithdrawal
from hemaqueue.training.pictures import picture_use


def dataset_answer(dataset: Dataset) -> DatasetAnswer:
    counts, found = dataset_counts(dataset), dataset.found
    looked = dataset.job is None and dataset.ended_at is None
    progress = dataset.job.progress if dataset.job else {}
    return DatasetAnswer(
        id=dataset.pk,
        url=link("dataset", dataset.pk),
        name=dataset.name,
        image_kind=dataset.kind,
        layout=dataset.layout,
        source=dataset.source,
        state=dataset_state(dataset),
        names=found.get("classes", {}),
        classes=dataset.names,
        counts=counts.classes,
        subjects=found.get("subjects", 0) if looked else counts.subjects,
        groups=found.get("groups", 0) if looked else counts.groups,
        faults=found.get("faults", {}) if looked else counts.faults,
        done=int(progress.get("done", counts.images)),
        of=int(progress.get("of", found.get("pictures", 0))),
        job_url=link("job", dataset.job_id) if dataset.job_id else None,
        made_by=dataset.made_by.printed_name,
        made_at=dataset.made_at,
        traits=found.get("traits", {}),
        columns_unkept=found.get("unkept", []),
    )


def picture_answer(picture: DatasetImage) -> DatasetPictureAnswer:
    return DatasetPictureAnswer(
        id=picture.pk,
        url=link("dataset_picture", picture.pk),
        file_url=link("dataset_picture_file", picture.pk),
        dataset=picture.dataset_id,
        filename=picture.name,
        sha256=picture.sha256,
        label=picture.label,
        subject=picture.subject,
        group=picture.group,
        width=picture.width,
        height=picture.height,
        traits=picture.traits,
        teaches=picture.withdrawn_at is None and bool(picture.label),
        withdrawn_at=picture.withdrawn_at,
    )


def picture_use_answer(picture: DatasetImage) -> PictureUseAnswer:
    use = picture_use(picture)
    return PictureUseAnswer(
        **asdict(picture_answer(picture)),
        snapshots=use.snapshots,
        models=[version.pk for version in use.versions],
        judges=use.judges,
    )


def picture_withdrawal_answer(one: DatasetWithdrawal) -> PictureWithdrawalAnswer:
    return PictureWithdrawalAnswer(
        picture=one.picture_id,
        scope="back" if one.back else "image",
        by=one.by.printed_name,
        at=one.at,
        reason=one.reason,
    )

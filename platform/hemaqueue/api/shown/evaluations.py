"""An evaluation in the words of the interface."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from hemaqueue.accounts.models import User
from hemaqueue.api.answers import (
    EvaluatedPictureAnswer,
    EvaluationAnswer,
    EvaluationList,
    EvaluationRow,
)
from hemaqueue.api.answers.evaluations import ErrorReadingAnswer, FoldsAnswer
from hemaqueue.api.shown.links import link
from hemaqueue.evaluations.error_readings import readings_holding
from hemaqueue.evaluations.folds import folds_latest
from hemaqueue.evaluations.models import ErrorReading, EvaluatedPicture, Evaluation
from hemaqueue.evaluations.selectors import evaluations_of, images_by_sha256
from hemaqueue.evaluations.subgroups import subgroups_told
from hemaqueue.jobs.selectors import jobs_latest
from hemaqueue.registry.models import ModelVersion
from hemaqueue.training.pictures import pictures_by_sha256
from jobcontract.names import Work


def evaluation_row(evaluation: Evaluation) -> EvaluationRow:
    report = evaluation.report
    return EvaluationRow(
        id=evaluation.pk,
        url=link("evaluation", evaluation.pk),
        model=evaluation.model_id,
        model_name=evaluation.model.name,
        digest=evaluation.digest,
        data=evaluation.data_name,
        data_digest=evaluation.data_digest,
        split=evaluation.split,
        suite=evaluation.suite,
        n=evaluation.n,
        source=evaluation.source,
        accuracy=report["accuracy"],
        colour_only_accuracy=(report.get("colour_only_baseline") or {}).get("accuracy"),
        at=evaluation.at,
        by=evaluation.by.printed_name if evaluation.by else "",
    )


def evaluation_answer(evaluation: Evaluation) -> EvaluationAnswer:
    row = evaluation_row(evaluation)
    report = evaluation.report | {"subgroups": subgroups_told(evaluation.report)}
    return EvaluationAnswer(**dataclasses.asdict(row), report=report)


def evaluation_list_answer(version: ModelVersion) -> EvaluationList:
    found = [evaluation_row(one) for one in evaluations_of(version)]
    job = jobs_latest([version.pk], work=Work.EVALUATE_MODEL).get(version.pk)
    return EvaluationList(found, judging=job.state if job else "", folds=_folds(version))


def _folds(version: ModelVersion) -> FoldsAnswer | None:
    kept = folds_latest(version)
    if kept is None:
        return None
    return FoldsAnswer(
        folds=kept.folds,
        n=kept.n,
        groups=kept.groups,
        split=kept.split,
        data_digest=kept.data_digest,
        report=kept.report,
        at=kept.at,
    )


def picture_answers(
    pictures: Sequence[EvaluatedPicture], *, user: User
) -> list[EvaluatedPictureAnswer]:
    digests = [one.sha256 for one in pictures]
    here = images_by_sha256(digests, user=user)
    imported = pictures_by_sha256(digests, user=user)
    said = readings_holding(pictures)
    return [
        EvaluatedPictureAnswer(
            id=one.pk,
            sha256=one.sha256,
            image=here[one.sha256].pk if one.sha256 in here else None,
            imported=imported[one.sha256].pk if one.sha256 in imported else None,
            site=here[one.sha256].site.slug if one.sha256 in here else None,
            label=one.label,
            named=one.named,
            confidence=one.confidence,
            scores=one.scores,
            malignant=one.malignant,
            called_malignant=one.called_malignant,
            ood_score=one.distance,
            readings=[error_reading_answer(word) for word in said.get(one.pk, [])],
        )
        for one in pictures
    ]


def error_reading_answer(reading: ErrorReading) -> ErrorReadingAnswer:
    return ErrorReadingAnswer(reading.reasons, reading.by.printed_name, reading.at)

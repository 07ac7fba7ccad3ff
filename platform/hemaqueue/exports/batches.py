"""A batch in counts: by suggested class, by flag, by decision; nothing of a patient."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from hemaqueue.accounts.models import User
from hemaqueue.jobs.selectors import jobs_latest
from hemaqueue.jobs.states import RETRYABLE
from hemaqueue.predictions.classes import CLASSES, class_words
from hemaqueue.reports.content import COLOURS
from hemaqueue.reports.words import flag_names
from hemaqueue.reviews.first_reads import predictions_shown
from hemaqueue.reviews.models import Choice
from hemaqueue.reviews.reading import decisions_shown
from hemaqueue.reviews.states import SIGNED
from hemaqueue.specimens.models import Batch, SmearImage
from jobcontract.names import Work


@dataclass(frozen=True)
class Count:
    """`code` is what tables call it; `width` the bar's, in tenths of a percent of the images."""

    code: str
    word: str
    number: int
    width: int
    style: str = ""

    @property
    def colour(self) -> str:
        return COLOURS.get(self.style, COLOURS["other"])


@dataclass(frozen=True)
class BatchSummary:
    name: str
    site: str
    sent_by: str
    sent: datetime
    images: int
    cases: int
    signed_cases: int
    refused: int
    duplicates: int
    with_result: int
    failed: int
    read: int
    corrected: int
    classes: list[Count]
    flags: list[Count]
    decisions: list[Count]
    models: list[str]


def batch_summary(batch: Batch, *, reader: User) -> BatchSummary:
    """Count the images of a batch by the newest suggestion and decision, in a few queries.

    What is kept from `reader` until their first read is not counted.
    """
    found = SmearImage.objects.filter(batch=batch, withdrawn_at=None)
    images = list(found.select_related("case__review"))
    ids = [image.pk for image in images]
    said, decided = predictions_shown(ids, reader=reader), decisions_shown(ids, reader=reader)
    jobs = jobs_latest(ids, work=Work.CLASSIFY_SMEARS)
    flags = Counter(flag for i in images for flag in {*i.quality_flags, *_flags(said.get(i.pk))})
    choices = Counter(one.label or one.choice for one in decided.values())
    cases = {image.case_id: image.case for image in images}
    whole, left = len(images), len(images) - len(decided)
    return BatchSummary(
        name=batch.name,
        site=batch.site.name,
        sent_by=batch.created_by.printed_name,
        sent=batch.created_at,
        images=whole,
        cases=len(cases),
        signed_cases=sum(_is_signed(case) for case in cases.values()),
        refused=batch.refused.exclude(code="duplicate").count(),
        duplicates=batch.refused.filter(code="duplicate").count(),
        with_result=len(said),
        failed=sum(jobs[pk].state in RETRYABLE for pk in ids if pk in jobs and pk not in said),
        read=len(decided),
        corrected=sum(
            bool(one.label) and pk in said and said[pk].label != one.label
            for pk, one in decided.items()
        ),
        classes=_by_class(Counter(one.label for one in said.values()), whole),
        flags=[
            Count(flag, flag_names([flag])[0], number, _width(number, whole))
            for flag, number in flags.most_common()
        ],
        decisions=[
            *_by_class(choices, whole),
            Count("undecided", _("not decided"), left, _width(left, whole)),
        ],
        models=sorted({one.model.name for one in said.values()}),
    )


def _flags(prediction: object) -> Iterable[str]:
    return getattr(prediction, "flags", ())


def _is_signed(case: object) -> bool:
    review = getattr(case, "review", None)
    return review is not None and review.state in SIGNED


def _by_class(counts: Counter[str], whole: int) -> list[Count]:
    """Return the classes in their order, those with nothing too, then whatever else was said."""
    others = [code for code in counts if code not in CLASSES]
    return [
        Count(code, _word(code), counts[code], _width(counts[code], whole), class_words(code).css)
        for code in [*CLASSES, *sorted(others)]
    ]


def _word(code: str) -> str:
    known = code in Choice.values
    return str(Choice(code).label) if known else str(class_words(code).name)


def _width(number: int, whole: int) -> int:
    return round(1000 * number / whole) if whole else 0


def summary_groups(summary: BatchSummary) -> list[tuple[str, list[Count]]]:
    """Return the counts under their headings, as pages and print show them."""
    return [
        (_("Suggested by the model"), summary.classes),
        (_("Decided by people"), summary.decisions),
        (_("To be looked at first"), summary.flags),
    ]


def summary_rows(summary: BatchSummary) -> list[dict[str, object]]:
    """Return the counts as rows of a table: what is counted, its code, how many."""
    facts = ("images", "cases", "signed_cases", "with_result", "failed", "read", "corrected",
             "refused", "duplicates")  # fmt: skip
    rows: list[dict[str, object]] = [
        {"counted": "batch", "code": name, "number": getattr(summary, name)} for name in facts
    ]
    for counted in ("classes", "flags", "decisions"):
        for one in getattr(summary, counted):
            rows.append({"counted": counted, "code": one.code, "number": one.number})
    return rows

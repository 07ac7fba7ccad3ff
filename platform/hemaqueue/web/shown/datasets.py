"""A data set as its pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hemaqueue.jobs.faults import fault_told
from hemaqueue.predictions.classes import class_words, classes_ordered
from hemaqueue.training.dataset_selectors import dataset_counts, dataset_state
from hemaqueue.training.models import Dataset
from hemaqueue.training.pictures import picture_list
from hemaqueue.web.context import kind_word
from hemaqueue.web.shown.chips import Chip
from hemaqueue.web.shown.traits import trait_word
from jobcontract.image_refusals import REFUSALS

FAULTS_SHOWN = 30


@dataclass(frozen=True)
class DatasetRow:
    id: UUID
    name: str
    line: str
    chip: Chip
    sentence: str
    by: str
    at: datetime


@dataclass(frozen=True)
class FaultRow:
    code: str
    word: str
    count: int
    example: str


@dataclass(frozen=True)
class NamedFault:
    file: str
    code: str
    detail: str


@dataclass(frozen=True)
class ClassLine:
    """`name` is the set's word, `word` the class of ours ("" where it is left out)."""

    name: str
    word: str
    css: str
    count: int


@dataclass(frozen=True)
class DatasetShown:
    """`resume` is the command with which a set goes on whose import began in a folder."""

    row: DatasetRow
    imported: bool
    layout: str
    source: str
    classes: list[ClassLine]
    facts: list[tuple[str, str]]
    faults: list[FaultRow]
    named_faults: list[NamedFault]
    done: int
    of: int
    error: str
    resume: str
    untouched: bool
    may_retry: bool


def chip_of(state: str) -> Chip:
    return {
        "looked_over": Chip("attention", "eye", _("looked over")),
        "waiting": Chip("waiting", "hourglass-split", _("waiting")),
        "importing": Chip("working", "arrow-repeat", _("being imported")),
        "imported": Chip("done", "check-circle", _("imported")),
        "failed": Chip("failed", "x-circle", _("failed")),
        "cancelled": Chip("waiting", "slash-circle", _("called off")),
    }[state]


def dataset_row(dataset: Dataset) -> DatasetRow:
    count = dataset.images.count() if dataset.ended_at else dataset.found.get("pictures", 0)
    words = ngettext("%(n)d picture", "%(n)d pictures", count) % {"n": count}
    return DatasetRow(
        id=dataset.pk,
        name=dataset.name,
        line=f"{kind_word(dataset.kind)} · {dataset.get_layout_display()}",
        chip=chip_of(dataset_state(dataset)),
        sentence=words,
        by=dataset.made_by.printed_name,
        at=dataset.made_at,
    )


def dataset_shown(dataset: Dataset) -> DatasetShown:
    progress = dataset.job.progress if dataset.job else {}
    looked = dataset_state(dataset) == "looked_over"
    return DatasetShown(
        row=dataset_row(dataset),
        imported=dataset.ended_at is not None,
        layout=dataset.get_layout_display(),
        source=dataset.source,
        classes=_classes(dataset),
        facts=_looked_over(dataset) if looked else _imported(dataset),
        faults=_expected_faults(dataset) if looked else _faults(dataset),
        named_faults=[
            NamedFault(one.name, one.code, one.detail)
            for one in dataset.faults.all()[:FAULTS_SHOWN]
        ],
        done=int(progress.get("done", 0)),
        of=int(progress.get("of", 0)),
        error=fault_told(dataset.job) if not dataset.ended_at else "",
        resume=_resume(dataset),
        untouched=looked,
        may_retry=dataset_state(dataset) == "failed",
    )


def _resume(dataset: Dataset) -> str:
    if dataset.ended_at or not dataset.from_folder:
        return ""
    return f"manage.py import_dataset FOLDER --resume {dataset.pk} --by NAME"


def _classes(dataset: Dataset) -> list[ClassLine]:
    counts = dataset.found.get("classes", {})
    lines = []
    for name, code in sorted(dataset.names.items()):
        words = class_words(code) if code else None
        lines.append(
            ClassLine(
                name=name,
                word=str(words.name) if words else "",
                css=words.css if words else "other",
                count=counts.get(name, 0),
            )
        )
    return lines


def _looked_over(dataset: Dataset) -> list[tuple[str, str]]:
    found = dataset.found
    facts = [(_("Pictures with a label"), str(found.get("pictures", 0)))]
    if found.get("subjects"):
        facts.append((_("Subjects named"), str(found["subjects"])))
    if found.get("groups"):
        facts.append((_("Groups named"), str(found["groups"])))
    if found.get("boxes"):
        facts.append((_("Boxes"), str(found["boxes"])))
    return facts + _columns(found)


def _columns(found: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what of the manifest's further columns is kept, and what is not."""
    kept = [f"{trait_word(one)} ({n})" for one, n in sorted(found.get("traits", {}).items())]
    said = [(_("Kept of its pictures"), kept), (_("Columns not kept"), found.get("unkept", []))]
    return [(word, ", ".join(names)) for word, names in said if names]


def _imported(dataset: Dataset) -> list[tuple[str, str]]:
    counts = dataset_counts(dataset)
    facts = [
        (_("Pictures imported"), str(counts.images)),
        *((str(class_words(c).name) if c else _("without a class"), str(n))
          for c in classes_ordered(counts.classes) for n in (counts.classes[c],)),
    ]  # fmt: skip
    if counts.subjects:
        facts.append((_("Subjects"), str(counts.subjects)))
    if withdrawn := picture_list(dataset, withdrawn=True).count():
        facts.append((_("Withdrawn from training"), str(withdrawn)))
    if dataset.ended_at:
        facts.append((_("Groups that no split may part"), str(counts.groups)))
        facts.append((_("Pictures that share a group"), str(counts.near)))
    return facts + _columns(dataset.found)


def _expected_faults(dataset: Dataset) -> list[FaultRow]:
    counts, examples = dataset.found.get("faults", {}), dataset.found.get("examples", {})
    return [FaultRow(c, fault_word(c), n, examples.get(c, "")) for c, n in sorted(counts.items())]


def _faults(dataset: Dataset) -> list[FaultRow]:
    found = dataset_counts(dataset).faults
    return [FaultRow(code, fault_word(code), n, "") for code, n in found.items()]


def fault_word(code: str) -> str:
    """Return a fault's code in words."""
    words = {
        "duplicate": _("the same picture again"),
        "contradicted": _("the same picture with another class"),
        "class_unknown": _("its class is none of ours"),
        "no_class": _("nothing names its class"),
        "no_label": _("there is no label for it"),
        "bad_label": _("its label cannot be read"),
        "no_subject": _("its name names no subject"),
        "row_without_file": _("a row of the manifest without a file"),
        "file_without_row": _("a file without a row in the manifest"),
        "ambiguous_row": _("a row of the manifest that means several files"),
        "file_twice": _("a file that is named twice"),
    }
    if code in REFUSALS:
        return _(REFUSALS[code].title)
    return words.get(code, code)

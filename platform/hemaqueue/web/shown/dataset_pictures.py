"""The pictures of a data set as its pages show them, and whether one of them teaches."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from hemaqueue.predictions.classes import ClassWords, class_words, classes_ordered
from hemaqueue.training.dataset_selectors import dataset_counts
from hemaqueue.training.models import Dataset, DatasetImage, DatasetWithdrawal
from hemaqueue.training.pictures import picture_list, picture_use
from hemaqueue.training.withdrawing import picture_withdrawals
from hemaqueue.web.shown.timeline import Entry
from hemaqueue.web.shown.traits import trait_value, trait_word

WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Choice:
    """A choice of which pictures are listed; `query` chooses it."""

    word: str
    count: int
    query: str
    here: bool


@dataclass(frozen=True)
class PictureCell:
    url: str
    thumb: str
    words: ClassWords
    teaches: bool
    alt: str


@dataclass(frozen=True)
class PictureShown:
    """`state` says in words whether it teaches; `versions` are (name, address)."""

    id: UUID
    name: str
    dataset: str
    dataset_url: str
    words: ClassWords
    teaches: bool
    state: str
    facts: list[tuple[str, str]]
    versions: list[tuple[str, str]]
    history: list[Entry]


def choices(dataset: Dataset, *, label: str | None, withdrawn: bool) -> list[Choice]:
    counts = dataset_counts(dataset)
    gone = picture_list(dataset, withdrawn=True).count()
    everything = Choice(_("All"), counts.images, "", label is None and not withdrawn)
    classes = [
        Choice(_class_name(code), counts.classes[code], urlencode({"label": code}), label == code)
        for code in classes_ordered(counts.classes)
    ]
    out = Choice(_("Withdrawn from training"), gone, urlencode({"show": WITHDRAWN}), withdrawn)
    return [everything, *classes, out]


def picture_cell(picture: DatasetImage) -> PictureCell:
    words = {"class": _class_name(picture.label)}
    return PictureCell(
        url=reverse("dataset_picture", args=[picture.pk]),
        thumb=reverse("dataset_thumbnail", args=[picture.pk]),
        words=_class(picture.label),
        teaches=picture.withdrawn_at is None,
        alt=_("Picture of the class %(class)s") % words,
    )


def picture_shown(picture: DatasetImage) -> PictureShown:
    use = picture_use(picture)
    group = picture.dataset.images.filter(group=picture.group).count() if picture.group else 1
    facts = [
        (_("Size"), _("%(w)d × %(h)d pixels") % {"w": picture.width, "h": picture.height}),
        *((trait_word(one), trait_value(value)) for one, value in picture.traits.items()),
        (_("Pictures in its group"), str(group)),
        (_("Snapshots that hold it"), str(use.snapshots)),
        (_("Kept for judging"), _("yes") if use.judges else _("no")),
        ("SHA-256", picture.sha256),
    ]
    if picture.subject:
        facts.insert(1, (_("Subject"), picture.subject))
    return PictureShown(
        id=picture.pk,
        name=picture.name,
        dataset=picture.dataset.name,
        dataset_url=reverse("dataset_pictures", args=[picture.dataset_id]),
        words=_class(picture.label),
        teaches=picture.withdrawn_at is None,
        state=_state(picture, judges=use.judges),
        facts=facts,
        versions=[(one.name, reverse("model", args=[one.pk])) for one in use.versions],
        history=[_entry(one) for one in picture_withdrawals(picture)],
    )


def _state(picture: DatasetImage, *, judges: bool) -> str:
    if picture.withdrawn_at is not None:
        return _("This picture teaches no model.")
    if not picture.label:
        return _("It came without a class: it teaches no model.")
    if judges:
        return _("It is kept for judging: no model learns from it.")
    words = {"class": _class_name(picture.label)}
    return _("A later model may learn from it as %(class)s.") % words


def _entry(one: DatasetWithdrawal) -> Entry:
    words = _("%(who)s withdrew it from training")
    if one.back:
        words = _("%(who)s put it back into training")
    said = words % {"who": one.by.printed_name}
    return Entry(one.at, said, one.reason, "waiting" if one.back else "attention")


def _class(code: str) -> ClassWords:
    if code:
        return class_words(code)
    word = _("without a class")
    return ClassWords(word, word, word, "other", False)


def _class_name(code: str) -> str:
    return str(_class(code).name)

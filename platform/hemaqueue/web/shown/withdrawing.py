"""Whether an image teaches, in words, and a label that teaches no more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from hemaqueue.accounts.models import User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import may
from hemaqueue.predictions.classes import class_words
from hemaqueue.reviews.models import ConfirmedLabel
from hemaqueue.reviews.reading import hidden_from
from hemaqueue.reviews.withdrawing import image_teaches, label_teaching, withdrawals_of
from hemaqueue.specimens.models import SmearImage
from hemaqueue.training.models import DatasetImage
from hemaqueue.web.shown.walking import WITHOUT, Walk


@dataclass(frozen=True)
class TeachingShown:
    """`url` leads to the form behind `act`; empty for who may not withdraw."""

    words: str
    act: str
    url: str = ""


@dataclass(frozen=True)
class LabelLine:
    """`accession` is the case's, or the name of the data set; only readers confirm."""

    image_url: str
    accession: str
    word: str
    confirmed: datetime | None
    withdrawn: datetime | None


def teaching_shown(image: SmearImage, *, user: User, walk: Walk = WITHOUT) -> TeachingShown | None:
    """Return whether an image teaches; None where it never did, and while a word is hidden."""
    label, teaches = label_teaching(image), image_teaches(image)
    said = label is not None or withdrawals_of(image).exists()
    if not said or hidden_from(user, images=[image.pk]):
        return None
    free = may(user, act=Act.WITHDRAW_LABEL, site=image.site_id)
    return TeachingShown(
        words=_words(label, teaches=teaches),
        act=_("Withdraw from training") if teaches else _("Put back into training"),
        url=walk.carried(reverse("image_unteach", args=[image.pk])) if free else "",
    )


def _words(label: ConfirmedLabel | None, *, teaches: bool) -> str:
    if label is not None:
        name = class_words(label.label).name
        return _("A later model may learn from it as %(class)s.") % {"class": name}
    if teaches:
        return _("Its label teaches no model. A later decision gives another.")
    return _("This image teaches no model, whatever is decided about it.")


def label_line(one: ConfirmedLabel) -> LabelLine:
    return LabelLine(
        image_url=reverse("image", args=[one.image_id]),
        accession=one.image.case.accession,
        word=str(class_words(one.label).name),
        confirmed=one.at,
        withdrawn=one.withdrawn_at,
    )


def picture_line(one: DatasetImage) -> LabelLine:
    return LabelLine(
        image_url=reverse("dataset_picture", args=[one.pk]),
        accession=one.dataset.name,
        word=str(class_words(one.label).name),
        confirmed=None,
        withdrawn=one.withdrawn_at,
    )

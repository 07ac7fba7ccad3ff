"""The decision panel: choices with their keys, what readers said, and what stands in the way."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _

from hemaqueue.accounts.models import User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import may
from hemaqueue.predictions.classes import CLASSES, class_words
from hemaqueue.predictions.models import Prediction
from hemaqueue.reviews.differing import words_differ
from hemaqueue.reviews.first_reads import awaits_first_read
from hemaqueue.reviews.models import Choice, Decision, FirstRead
from hemaqueue.reviews.reading import hidden_from, may_read
from hemaqueue.reviews.selectors import decisions_of, stamp_of
from hemaqueue.reviews.states import case_is_signed
from hemaqueue.specimens.models import SmearImage
from hemaqueue.web.forms.decision import BESIDE_CLASSES, DecisionForm
from hemaqueue.web.shown.decisions import DecisionShown, choice_word, decision_shown
from hemaqueue.web.shown.walking import WITHOUT, Walk

OPENED = "hemaqueue.web.decision.opened"


@dataclass(frozen=True)
class ChoiceShown:
    """`corrects` is "yes" where the choice differs from the suggestion: a reason is then due.

    `calms` is "yes" where it calls a malignant suggestion benign: a note is then due as well.
    """

    value: str
    word: str
    style: str
    key: str
    corrects: str
    chosen: bool
    calms: str = "no"


@dataclass(frozen=True)
class Panel:
    """`form` is None for who only reads. `agree` is the class that the key A chooses.

    `blind` asks for a first read; `first_read` is the one that this reader made.
    """

    form: DecisionForm | None
    url: str
    reload_url: str
    choices: list[ChoiceShown]
    agree: str
    seen: str
    opened: str
    decided: list[DecisionShown]
    conflict: str = ""
    closed: str = ""
    blind: bool = False
    first_read: str = ""
    settle_url: str = ""


def panel(
    image: SmearImage,
    *,
    user: User,
    prediction: Prediction | None,
    form: DecisionForm | None = None,
    conflict: str = "",
    walk: Walk = WITHOUT,
) -> Panel | None:
    """Return the panel of an image; None where there is nothing to say and nothing said."""
    said = list(decisions_of(image))
    hidden = hidden_from(user, images=[image.pk])
    decided = [] if hidden else [decision_shown(decision) for decision in said]
    signed = case_is_signed(image.case)
    may_decide = may_read(user, case=image.case) and image.withdrawn_at is None
    may_decide = may_decide and not signed
    if not may_decide and not decided:
        return None
    agree = prediction.label if prediction and not prediction.is_uncertain else ""
    shown = form or DecisionForm()
    blind = may_decide and awaits_first_read(image, reader=user)
    return Panel(
        form=shown if may_decide else None,
        url=walk.carried(reverse("image_first_read" if blind else "image_decide", args=[image.pk])),
        reload_url=walk.image_url(image.pk),
        choices=_choices(shown, prediction),
        agree=agree,
        seen=_seen(said, form=form, conflict=conflict),
        opened=signing.dumps(time.time(), salt=OPENED),
        decided=decided,
        conflict=conflict,
        closed=_("The case is signed: only an amendment changes a decision.")
        if signed
        else _("A clinician of this site decides."),
        blind=blind,
        first_read=_first_read(image, user=user),
        settle_url=_settle_url(image, said=said, user=user) if may_decide else "",
    )


def _settle_url(image: SmearImage, *, said: Sequence[Decision], user: User) -> str:
    """Return where readers who disagree are settled; empty for guests, and where none do."""
    here = may(user, act=Act.DECIDE, site=image.site_id)
    return reverse("image_settle", args=[image.pk]) if here and words_differ(said[::-1]) else ""


def _first_read(image: SmearImage, *, user: User) -> str:
    read = FirstRead.objects.filter(image=image, reader=user).first()
    return choice_word(read.choice, read.label) if read else ""


def _seen(said: Sequence[Decision], *, form: DecisionForm | None, conflict: str) -> str:
    """Return the stamp of what the reader saw: that of their page, until a conflict is told."""
    if form is None or conflict:
        return stamp_of(said)
    return str(form["seen"].value() or "")


def _calms(code: str, prediction: Prediction | None) -> bool:
    suggested = prediction is not None and class_words(prediction.label).malignant
    return suggested and not class_words(code).malignant


def _choices(form: DecisionForm, prediction: Prediction | None) -> list[ChoiceShown]:
    chosen = form["choice"].value()
    classes = [
        ChoiceShown(
            value=code,
            word=str(words.name),
            style=f"c-{words.css}",
            key=str(number),
            corrects="yes" if prediction and prediction.label != code else "no",
            calms="yes" if _calms(code, prediction) else "no",
            chosen=chosen == code,
        )
        for number, (code, words) in enumerate(CLASSES.items(), start=1)
    ]
    keys = {Choice.UNCERTAIN: ("u", "class-unsure"), Choice.UNUSABLE: ("x", "c-none")}
    beside = [
        ChoiceShown(
            value=choice.value,
            word=str(choice.label),
            style=keys[choice][1],
            key=keys[choice][0],
            corrects="no",
            chosen=chosen == choice.value,
        )
        for choice in BESIDE_CLASSES
    ]
    return classes + beside

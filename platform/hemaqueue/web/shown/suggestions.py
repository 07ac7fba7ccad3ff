"""What a model said of an image, as it stands in lists and on the result page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from hemaqueue.jobs.models import Job
from hemaqueue.predictions.classes import class_words
from hemaqueue.predictions.models import Prediction
from hemaqueue.registry.points import thresholds_under
from hemaqueue.reviews.faces import Said
from hemaqueue.web.shown import numbers
from hemaqueue.web.templatetags.ui import seconds


@dataclass(frozen=True)
class Bar:
    """One class's score: `percent` is the bar's width, `number` what stands beside it."""

    label: str
    code: str
    word: str
    percent: str
    number: str


@dataclass(frozen=True)
class Suggestion:
    """The headline: a class with the word and number of its confidence, or "uncertain".

    `code` is the class's colour. The number always belongs to the class that is named; what is
    uncertain is `between` two classes, each with its own.
    """

    code: str
    word: str
    band: str
    number: str
    uncertain: bool
    between: str
    demonstration: bool


@dataclass(frozen=True)
class Result:
    """The headline with everything that must stand beside it, but for the scores."""

    headline: Suggestion
    malignant: str
    limit: str
    model: str
    card_url: str
    facts: str


def suggestion(prediction: Prediction) -> Suggestion:
    """Return the headline of what was said."""
    uncertain = prediction.is_uncertain
    return headline(
        Said(
            label=prediction.label,
            confidence=prediction.confidence,
            uncertain=uncertain,
            between=_first_two(prediction) if uncertain else (),
            demonstration=prediction.model.is_demonstration,
        )
    )


def headline(said: Said) -> Suggestion:
    """Return the headline of what was said, of which a list knows no more than its line."""
    words = class_words(said.label)
    return Suggestion(
        code=words.css,
        word=str(words.name),
        band=numbers.band(said.confidence),
        number=numbers.score(said.confidence),
        uncertain=said.uncertain,
        between=_between(said.between) if said.uncertain else "",
        demonstration=said.demonstration,
    )


def result(prediction: Prediction, *, job: Job | None) -> Result:
    """Return what the result page shows of a prediction."""
    return Result(
        headline=suggestion(prediction),
        malignant=numbers.score(prediction.malignant),
        limit=_limit(prediction),
        model=prediction.model.name,
        card_url=f"{reverse('models')}#model-{prediction.model_id}",
        facts=_facts(prediction, job),
    )


def _first_two(prediction: Prediction) -> tuple[tuple[str, float], ...]:
    return tuple((one.label, one.score) for one in prediction.class_scores.all()[:2])


def _between(classes: Iterable[tuple[str, float]]) -> str:
    """Return the classes, each with its own number."""
    return _(" or ").join(
        f"{class_words(label).name} {numbers.score(score)}" for label, score in classes
    )


def bars(prediction: Prediction) -> list[Bar]:
    """Return the scores, the highest first."""
    return [
        Bar(
            label=one.label,
            code=class_words(one.label).css,
            word=str(class_words(one.label).name),
            percent=f"{100 * one.score:.1f}",
            number=numbers.score(one.score),
        )
        for one in prediction.class_scores.all()
    ]


def _limit(prediction: Prediction) -> str:
    """Return the score from which the picture was called malignant when this was said."""
    limit = thresholds_under(prediction.model, point=prediction.point).decision
    return "" if limit is None else numbers.score(limit)


def _facts(prediction: Prediction, job: Job | None) -> str:
    parts = [_("calibrated"), _("model %s") % seconds(prediction.seconds)]
    own = job if job and job.pk == prediction.job_id else None
    taken = numbers.between(own.created_at, own.finished_at) if own else None
    if taken is not None and taken >= 0:
        parts.append(_("result after %s") % seconds(taken))
    return " · ".join(parts)

"""What the tests of training share: images about which a clinician decided."""

from __future__ import annotations

from typing import Any

from hemaqueue.accounts.models import User
from hemaqueue.reviews.models import ConfirmedLabel
from hemaqueue.reviews.selectors import review_stamp
from hemaqueue.reviews.services import Verdict, decision_record
from hemaqueue.specimens.models import SmearImage
from tests import factories


def decide(image: SmearImage, label: str, *, by: User) -> None:
    verdict = Verdict(choice="label", label=label, stamp=review_stamp(image))
    decision_record(image, verdict=verdict, by=by)


def confirmed(label: str, *, by: User, **more: Any) -> SmearImage:
    """Return an image of a patient of its own that `by` gave `label`."""
    image = factories.image(**more)
    decide(image, label, by=by)
    return image


def confirm_enough(*, by: User, per_class: int = 2) -> list[SmearImage]:
    return [confirmed(code, by=by) for code in factories.CLASSES for _ in range(per_class)]


def label_of(image: SmearImage) -> ConfirmedLabel:
    return ConfirmedLabel.objects.get(image=image)

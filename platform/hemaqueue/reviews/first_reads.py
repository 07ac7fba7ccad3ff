"""The blind first read: a site may have its readers look before they see what a model says.

Until a reader has said what they see themselves, no page, list, address or answer tells them the
suggestion, its scores, its flags or where the network looked. Others are not concerned: who may
not decide at the site sees results as ever.

Where AI is suspended, nobody is told: results of what is not signed are withheld from everybody.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import (
    Exists,
    OuterRef,
    Q,
    QuerySet,
)

from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import require, sites_allowing
from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Conflict, Refused
from hemaqueue.predictions.classes import CLASSES
from hemaqueue.predictions.models import Prediction
from hemaqueue.predictions.selectors import predictions_latest
from hemaqueue.registry.switching import is_suspended, sites_suspended
from hemaqueue.reviews.models import Choice, Decision, FirstRead, Review
from hemaqueue.reviews.policy import policies_of
from hemaqueue.reviews.states import SIGNED
from hemaqueue.specimens.models import SmearImage

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User

#: Whether a class stands out, and how far: what is least certain sorts first, the unknown last.
Certainty = tuple[bool, float]
UNKNOWN: Certainty = (True, math.inf)


class FirstReadMade(Conflict):
    """Your first read of this image is on record. It is never changed; decide now."""

    code = "first_read_made"


class FirstReadUnknown(Refused):
    """Say what you see: a class, or uncertain, or unusable."""

    code = "unknown_choice"


class FirstReadDue(Conflict):
    """This site reads blind. Record your own first read; then the suggestion is shown."""

    code = "first_read_due"


class AiSuspended(Conflict):
    """AI is suspended here. Read the image yourself; no suggestion is shown."""

    code = "ai_suspended"


def blind_sites(user: User) -> set[UUID]:
    """Return the sites that read blind, of those where `user` decides."""
    mine = [site.pk for site in sites_allowing(user, act=Act.DECIDE)]
    return {site for site, policy in policies_of(mine).items() if policy.blind_first_read}


def withheld_rule(user: User) -> Q:
    """Return the rule for images whose results are kept from `user` for now."""
    return _blind_rule(user, sites=blind_sites(user)) | _suspended_rule()


def _suspended_rule() -> Q:
    everywhere, sites = sites_suspended()
    signed = Review.objects.filter(case=OuterRef("case_id"), state__in=SIGNED)
    if everywhere:
        return Q(~Exists(signed))
    return Q(~Exists(signed), site__in=sites) if sites else Q(pk__in=[])


def _blind_rule(user: User, *, sites: set[UUID]) -> Q:
    if not sites:
        return Q(pk__in=[])
    mine = {"image": OuterRef("pk"), "reader": user}
    signed = Review.objects.filter(case=OuterRef("case_id"), state__in=SIGNED)
    return Q(
        ~Exists(FirstRead.objects.filter(**mine)),
        ~Exists(Decision.objects.filter(**mine)),
        ~Exists(signed),
        site__in=sites,
    )


def withholds(user: User) -> bool:
    """Say whether anything may be kept from `user`: elsewhere nothing has to be looked up."""
    return bool(blind_sites(user)) or sites_suspended() != (False, [])


def images_withheld(images: Iterable[UUID], *, reader: User) -> set[UUID]:
    """Return those of `images` whose results `reader` may not see yet."""
    if not withholds(reader):
        return set()
    found = SmearImage.objects.filter(withheld_rule(reader), pk__in=list(images))
    return set(found.values_list("pk", flat=True))


def is_withheld(image: SmearImage, *, reader: User) -> bool:
    return image.pk in images_withheld([image.pk], reader=reader)


def awaits_first_read(image: SmearImage, *, reader: User) -> bool:
    """Say whether the reader's own first read is what reveals the suggestion."""
    return not is_suspended(image.site_id) and is_withheld(image, reader=reader)


def require_revealed(image: SmearImage, *, reader: User) -> None:
    """Raise FirstReadDue or AiSuspended where the results are kept from `reader`."""
    if is_withheld(image, reader=reader):
        raise AiSuspended if is_suspended(image.site_id) else FirstReadDue


def images_revealed(images: QuerySet[SmearImage], *, reader: User) -> QuerySet[SmearImage]:
    """Return the images that a search for results may find: none that is kept from `reader`."""
    return images.exclude(withheld_rule(reader)) if withholds(reader) else images


def predictions_shown(images: Iterable[UUID], *, reader: User) -> dict[UUID, Prediction]:
    """Return the newest prediction of each image that `reader` may see by now."""
    ids = set(images)
    return predictions_latest(ids - images_withheld(ids, reader=reader))


def certainties(images: Iterable[UUID], *, reader: User) -> dict[UUID, Certainty]:
    """Return how certain each image's newest prediction is, of those that `reader` may see."""
    ids = set(images)
    known = Prediction.objects.filter(image__in=ids - images_withheld(ids, reader=reader))
    newest = known.order_by("image", "-created_at", "-pk").distinct("image")
    found = newest.values_list("image", "flags", "confidence")
    return {image: ("uncertain" not in flags, confidence) for image, flags, confidence in found}


def prediction_shown(image: SmearImage, *, reader: User) -> Prediction | None:
    return predictions_shown([image.pk], reader=reader).get(image.pk)


@transaction.atomic
def first_read_record(
    image: SmearImage, *, choice: str, label: str = "", seconds: float | None = None, by: User
) -> FirstRead:
    """Record what a reader sees before the suggestion is shown; it is shown from then on.

    The same words twice are recorded once.

    Raises:
        NotAllowed: the reader's role at the image's site does not include deciding.
        FirstReadUnknown: neither a class nor uncertain nor unusable was chosen.
        FirstReadMade: the suggestion is shown already, or another first read is on record.
    """
    require(by, act=Act.DECIDE, site=image.site_id)
    label = label if choice == Choice.LABEL else ""
    if choice not in Choice.values or (choice == Choice.LABEL and label not in CLASSES):
        raise FirstReadUnknown
    known = FirstRead.objects.filter(image=image, reader=by).first()
    if known is None and not awaits_first_read(image, reader=by):
        raise FirstReadMade
    said = {"choice": choice, "label": label, "seconds": seconds}
    read, made = FirstRead.objects.get_or_create(image=image, reader=by, defaults=said)
    if (read.choice, read.label) != (choice, label):
        raise FirstReadMade
    if made:
        audit_record("image.first_read", by=by, about=image, choice=choice, label=label)
    return read


def first_read_keep(decision: Decision) -> None:
    """Keep a decision that was made before the suggestion was shown as the first read, too."""
    FirstRead.objects.get_or_create(
        image_id=decision.image_id,
        reader_id=decision.reader_id,
        defaults={
            "choice": decision.choice,
            "label": decision.label,
            "seconds": decision.seconds,
        },
    )

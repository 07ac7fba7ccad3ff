"""Trying a version on what comes in, as an administrator wants it. Steps like in steps.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hemaqueue.accounts.selectors import require_installation
from hemaqueue.evaluations.shadowing import shadow_end, shadow_open, shadow_record
from hemaqueue.pipeline.enqueue import Finished
from jobcontract import messages

if TYPE_CHECKING:
    from hemaqueue.accounts.models import Site, User
    from hemaqueue.evaluations.models import Shadow
    from hemaqueue.registry.models import ModelVersion


def shadow_requested(
    version: ModelVersion, *, site: Site | None, percent: int, reason: str, by: User
) -> Shadow:
    """An administrator lets a version score a share of what comes in, for nobody to see.

    Raises:
        Missing: `by` does not run the installation.
        ShadowUnexplained, ShadowShare, CannotShadow, ShadowGoesOn, NoModelServes,
            ShadowOtherClasses: see `shadow_open`.
    """
    require_installation(by)
    return shadow_open(version, site=site, percent=percent, reason=reason, by=by)


def shadow_stopped(shadow: Shadow, *, by: User) -> None:
    """An administrator has seen enough. Raises Missing, ShadowEnded."""
    require_installation(by)
    shadow_end(shadow, by=by)


def smears_tried(finished: Finished) -> None:
    """What a shadow says is here: kept apart from results, and nothing follows from it."""
    shadow_record(
        [
            (job.subject, messages.Classification.from_json(outcome.body))
            for job, outcome in finished
        ]
    )

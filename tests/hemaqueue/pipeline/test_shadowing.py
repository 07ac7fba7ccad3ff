"""A version is tried on what comes in, apart from everything that readers see."""

from __future__ import annotations

from typing import Any

import pytest

from hemaqueue.common.errors import Missing
from hemaqueue.evaluations.models import Shadow, ShadowResult
from hemaqueue.evaluations.shadowed import shadow_agreement, shadow_flips
from hemaqueue.evaluations.shadowing import (
    CannotShadow,
    ShadowEnded,
    ShadowGoesOn,
    ShadowShare,
    ShadowUnexplained,
    is_drawn,
)
from hemaqueue.jobs.models import BACKGROUND, Job
from hemaqueue.jobs.selectors import jobs_latest
from hemaqueue.jobs.services import jobs_finished
from hemaqueue.pipeline.background import background_feed
from hemaqueue.pipeline.shadowing import shadow_requested, shadow_stopped
from hemaqueue.predictions.models import Prediction
from hemaqueue.registry.deciding import model_promote, model_reject
from hemaqueue.registry.models import ModelVersion
from hemaqueue.registry.switching import ai_switch
from hemaqueue.reviews.models import Review
from jobcontract.names import Work
from tests import factories, readings
from tests.hemaqueue.jobs.ledger import failure, sent
from tests.hemaqueue.pipeline.background import asked, scored, told
from tests.hemaqueue.training.confirming import decide

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("worker")]


def candidate(name: str = "candidate") -> ModelVersion:
    factories.ModelVersionFactory()
    return factories.ModelVersionFactory(name=name, status="candidate")


def tried(version: ModelVersion, **order: Any) -> Shadow:
    given = {"site": None, "percent": 100, "reason": "To see", "by": factories.adam()}
    return shadow_requested(version, **(given | order))


def test_what_comes_in_is_scored_apart_from_results() -> None:
    shadow = tried(candidate())
    image = scored()
    review, own = Review.objects.get(case=image.case), jobs_latest(
        [image.pk], work=Work.CLASSIFY_SMEARS
    )  # fmt: skip
    assert background_feed() == 1
    (job,) = asked(Work.TRY_SMEARS)
    assert (job.priority, job.site, job.subject == image.pk) == (BACKGROUND, None, False)
    told([job])
    row = ShadowResult.objects.get()
    assert (row.shadow, row.label, row.beside.image) == (shadow, "pre_b", image)
    assert Prediction.objects.filter(image=image).count() == 1, "it is no result"
    assert jobs_latest([image.pk], work=Work.CLASSIFY_SMEARS) == own
    now = Review.objects.get(case=image.case)
    assert (now.lane, now.state, now.reasons) == (review.lane, review.state, review.reasons)


def test_what_was_there_before_is_not_tried() -> None:
    scored()
    tried(candidate())
    assert background_feed() == 0
    scored()
    assert background_feed() == 1
    assert background_feed() == 0, "each image once"


def test_a_share_is_always_the_same_images() -> None:
    images = [factories.image().pk for _ in range(60)]
    few = {pk for pk in images if is_drawn(pk, percent=20)}
    more = {pk for pk in images if is_drawn(pk, percent=60)}
    assert few < more
    assert all(is_drawn(pk, percent=100) for pk in images)


def test_only_its_site_is_tried() -> None:
    here = factories.CaseFactory()
    tried(candidate(), site=here.site)
    scored(case=factories.CaseFactory(site=factories.SiteFactory(slug="elsewhere")))
    image = scored(case=here)
    assert background_feed() == 1
    assert ShadowResult.objects.get().beside.image == image


def test_nothing_is_tried_while_somebody_waits_or_ai_is_suspended() -> None:
    tried(candidate())
    image = scored()
    waiting = factories.job(about=factories.image())
    assert background_feed() == 0
    Job.objects.filter(pk=waiting.pk).update(state="cancelled", finished_at=waiting.created_at)
    ai_switch(site=image.site, suspended=True, reason="Stain", by=factories.adam())
    assert background_feed() == 0


def test_agreement_is_counted_with_what_serves_and_with_what_was_signed() -> None:
    shadow, clara = tried(candidate()), factories.clara()
    cases = [readings.case_ready(by=clara) for _ in range(3)]
    for case in cases[:2]:
        readings.signature(case, by=clara)
    open_image = scored()
    decide(open_image, "benign", by=clara)
    background_feed()
    told(asked(Work.TRY_SMEARS))
    found = shadow_agreement(shadow)
    assert (found.answered, found.agreed, found.signed) == (4, 0, 2)
    labels = {row.truth for row in shadow_flips(shadow)}
    assert labels == {"", "early_pre_b"}, "only what is signed counts as true"
    assert found.shadow_right == 0


def test_a_failure_is_counted_and_nothing_else() -> None:
    shadow = tried(candidate())
    scored()
    background_feed()
    (job,) = asked(Work.TRY_SMEARS)
    jobs_finished(sent(job), [failure(job)])
    found = shadow_agreement(shadow)
    assert (found.answered, found.failed, found.waiting) == (0, 1, 0)


def test_it_is_stopped_and_what_it_says_later_is_not_kept() -> None:
    shadow = tried(candidate())
    scored()
    background_feed()
    shadow_stopped(shadow, by=factories.adam())
    told(asked(Work.TRY_SMEARS))
    assert shadow_agreement(shadow).answered == 0
    scored()
    assert background_feed() == 0
    with pytest.raises(ShadowEnded):
        shadow_stopped(shadow, by=factories.adam())


@pytest.mark.parametrize("decision", ["promoted", "rejected"])
def test_a_decision_about_the_version_ends_it(decision: str) -> None:
    version = candidate()
    shadow = tried(version)
    if decision == "promoted":
        model_promote(version, by=None, reason="Better")
    else:
        model_reject(version, by=factories.adam(), reason="Worse")
    background_feed()
    shadow.refresh_from_db()
    assert shadow.ended_at
    assert shadow.ended_by is None


def test_an_order_needs_a_reason_a_share_and_a_version_that_does_not_serve() -> None:
    version = candidate()
    with pytest.raises(ShadowUnexplained):
        tried(version, reason=" ")
    with pytest.raises(ShadowShare):
        tried(version, percent=0)
    with pytest.raises(CannotShadow):
        tried(factories.ModelVersionFactory())
    with pytest.raises(Missing):
        tried(version, by=factories.clara())
    tried(version)
    with pytest.raises(ShadowGoesOn):
        tried(candidate("another"))

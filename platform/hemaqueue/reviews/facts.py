"""Gathers what lanes are derived from, for many cases at once: three queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, UUIDField
from django.db.models.functions import JSONObject

from hemaqueue.common.prepared import Among, Prepared
from hemaqueue.jobs.models import Job
from hemaqueue.predictions.models import Prediction
from hemaqueue.registry.switching import sites_suspended
from hemaqueue.reviews.lanes import CaseFacts, ImageFacts, Read, Rules, Said
from hemaqueue.reviews.models import Decision, Referral, Return, ReviewPolicy
from hemaqueue.specimens.models import Case, SmearImage
from jobcontract.names import Work

Row = dict[str, Any]


def facts_of(cases: Collection[UUID]) -> dict[UUID, CaseFacts]:
    """Return the facts of each of these cases, as they are committed or in this transaction."""
    everywhere, sites = sites_suspended()
    images: dict[UUID, list[Row]] = defaultdict(list)
    for row in _images(cases=list(cases)):
        images[row["case_id"]].append(row)
    return {
        row["pk"]: _case(row, images[row["pk"]], suspended=everywhere or row["site_id"] in sites)
        for row in _cases(cases=list(cases))
    }


def _all_cases() -> QuerySet[Case, Row]:
    policy = ReviewPolicy.objects.filter(site=OuterRef("site")).order_by("-at", "-id")
    rules = JSONObject(
        blind="blind_first_read",
        clear_confidence="clear_confidence",
        urgent_hours="urgent_hours",
        routine_hours="routine_hours",
        double_read_percent="double_read_percent",
    )
    returns = Return.objects.filter(image__case=OuterRef("pk")).order_by()
    asked = Referral.objects.filter(review__case=OuterRef("pk"), answered_at=None)
    return Case.objects.filter(Among("pk", "cases", UUIDField())).values(
        "pk",
        "site_id",
        "urgent",
        revision=F("review__revision"),
        usual_stain=F("site__default_stain"),
        rules=Subquery(policy.values(said=rules)[:1]),
        referred=Exists(asked),
        returns=ArraySubquery(
            returns.values(
                said=JSONObject(image="image", replacement="replacement", settled_at="settled_at")
            )
        ),
    )


def _all_images() -> QuerySet[SmearImage, Row]:
    here = OuterRef("pk")
    said = Prediction.objects.filter(image=here).order_by("-created_at", "-pk")
    jobs = Job.objects.filter(subject=here, work=Work.CLASSIFY_SMEARS).order_by("-created_at")
    reads = Decision.objects.filter(image=here).order_by()
    reading = JSONObject(
        choice="choice", label="label", at="at", adjudicates="adjudicates", note="note"
    )
    answer = JSONObject(label="label", confidence="confidence", flags="flags")
    here_still = SmearImage.objects.filter(Among("case", "cases", UUIDField()), withdrawn_at=None)
    return here_still.values(
        "pk",
        "case_id",
        "held_at",
        at=F("uploaded_at"),
        stain=F("slide__stain"),
        quality=F("quality_flags"),
        work=Subquery(jobs.values("state")[:1]),
        said=Subquery(said.values(said=answer)[:1]),
        reads=ArraySubquery(reads.values(said=reading)),
    )


_cases, _images = Prepared(_all_cases), Prepared(_all_images)


def _case(row: Row, images: list[Row], *, suspended: bool) -> CaseFacts:
    facts = {one["pk"]: _image(one, suspended=suspended) for one in images}
    rules = Rules(**row["rules"] or {})
    return CaseFacts(
        id=row["pk"],
        images=tuple(facts.values()),
        urgent=row["urgent"],
        revision=row["revision"] or 1,
        at_bench=any(_is_away(one, facts) for one in row["returns"]),
        answered=any(_is_news(one, facts) for one in row["returns"] if one["settled_at"]),
        referred=row["referred"],
        usual_stain=row["usual_stain"],
        rules=replace(rules, blind=True, suspended=True) if suspended else rules,
    )


def _image(row: Row, *, suspended: bool) -> ImageFacts:
    """Return what a lane depends on; where AI is suspended, nothing of what a model does."""
    reads = [Read(**one | {"at": datetime.fromisoformat(one["at"])}) for one in row["reads"]]
    return ImageFacts(
        at=row["at"],
        stain=row["stain"],
        work=row["work"] or "",
        held=row["held_at"] is not None,
        quality=row["quality"],
        said=Said(**row["said"]) if row["said"] and not suspended else None,
        reads=reads,
    )


def _is_away(returned: Row, images: dict[UUID, ImageFacts]) -> bool:
    return not returned["settled_at"] and UUID(returned["image"]) in images


def _is_news(returned: Row, images: dict[UUID, ImageFacts]) -> bool:
    """Say whether the bench answered a return, and nobody has decided since."""
    image = images.get(UUID(returned["replacement"] or returned["image"]))
    if image is None or not returned["settled_at"]:
        return False
    settled = datetime.fromisoformat(returned["settled_at"])
    return not any(read.at > settled for read in image.reads)

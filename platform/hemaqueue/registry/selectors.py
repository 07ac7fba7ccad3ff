"""Which model serves, and what the installation knows of each."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import CharField, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from hemaqueue.common.errors import Missing, PlatformError
from hemaqueue.common.prepared import Given, Prepared
from hemaqueue.registry.models import Activation, ModelStatus, ModelVersion, OperatingPoint
from hemaqueue.registry.points import thresholds_of
from jobcontract.messages import ModelReference


class NoModelServes(PlatformError):
    """No model serves this kind of image. An administrator has to promote one."""

    code = "no_model_serves"
    status = 409


def model_serving(kind: str) -> ModelVersion:
    """Return the version that serves images of `kind`.

    Raises:
        NoModelServes: nobody promoted one.
    """
    version = ModelVersion.objects.filter(image_kind=kind, status=ModelStatus.SERVING).first()
    if version is None:
        raise NoModelServes
    return version


def model_asked(kind: str) -> ModelReference:
    """Return what a worker needs to load the version that serves images of `kind`.

    Raises:
        NoModelServes: nobody promoted one.
    """
    if not (found := _asked(kind=kind)):
        raise NoModelServes
    pk, key, digest, said = found[0]
    return ModelReference(version=str(pk), bundle_key=key, digest=digest, **(said or {}))


def _serving_with_its_point() -> QuerySet[ModelVersion, tuple[Any, ...]]:
    kind = Given("kind", CharField())
    serving = ModelVersion.objects.filter(image_kind=kind, status=ModelStatus.SERVING)
    newest = OperatingPoint.objects.filter(model=OuterRef("pk")).order_by("-at", "-pk")
    point = JSONObject(decision="decision", abstain="abstain", operating_point="pk")
    chosen = Subquery(newest.values(said=point)[:1])
    return serving.values_list("pk", "bundle_key", "digest", chosen).order_by("pk")[:1]


_asked = Prepared(_serving_with_its_point)


def model_reference(version: ModelVersion) -> ModelReference:
    """Return what a worker needs to load the version, with the thresholds that hold now."""
    chosen = thresholds_of(version)
    return ModelReference(
        version=str(version.pk),
        bundle_key=version.bundle_key,
        digest=version.digest,
        decision=chosen.decision if chosen.point else None,
        abstain=chosen.abstain if chosen.point else None,
        operating_point=chosen.point.pk if chosen.point else 0,
    )


def models_serving() -> QuerySet[ModelVersion]:
    return ModelVersion.objects.filter(status=ModelStatus.SERVING).order_by("-created_at")


def model_list() -> QuerySet[ModelVersion]:
    """Return every version, the serving ones first."""
    return ModelVersion.objects.prefetch_related("activations").order_by("-status", "-created_at")


def kinds_served() -> list[str]:
    """Return the kinds of image for which a version serves."""
    serving = ModelVersion.objects.filter(status=ModelStatus.SERVING)
    return sorted(serving.values_list("image_kind", flat=True))


def model_get(pk: UUID) -> ModelVersion:
    """Return one version, or raise Missing."""
    version = model_list().filter(pk=pk).first()
    if version is None:
        raise Missing
    return version


def model_classes(version: ModelVersion) -> list[str]:
    """Return the codes of the classes a version tells apart, in the order of its scores."""
    described = version.facts.get("classes", [])
    return [str(one["code"] if isinstance(one, dict) else one) for one in described]


def activation_list() -> QuerySet[Activation]:
    """Return which version began to serve, when, by whom and why: the newest first."""
    found = Activation.objects.select_related("model", "former", "by", "proposed_by")
    return found.order_by("-at", "-pk")


def models_serving_at(moment: datetime) -> list[ModelVersion]:
    """Return the versions that served at `moment`, one for each kind of image."""
    began = activation_list().filter(at__lte=moment)
    newest = began.order_by("model__image_kind", "-at", "-pk").distinct("model__image_kind")
    return [activation.model for activation in newest]

"""What an administrator sends about versions: reasons, limits, thresholds, texts, the switch."""

from __future__ import annotations

from rest_framework import serializers

from hemaqueue.api.body import Body
from hemaqueue.registry.models import LONGEST_REASON


class PromoteBody(Body):
    """`override` says why a candidate serves although a gate was not passed."""

    reason = serializers.CharField(max_length=LONGEST_REASON)
    override = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=LONGEST_REASON
    )


class GatesBody(Body):
    """Limits as shares of 1; what is not named stays."""

    sensitivity_may_lose = serializers.FloatField(required=False)
    sensitivity_floor = serializers.FloatField(required=False)
    macro_f1_may_lose = serializers.FloatField(required=False)
    class_recall_floor = serializers.FloatField(required=False)
    ece_limit = serializers.FloatField(required=False)
    robustness_floor = serializers.FloatField(required=False)
    colour_margin = serializers.FloatField(required=False)
    least_images = serializers.IntegerField(required=False, min_value=1)
    card_required = serializers.BooleanField(required=False)
    two_people = serializers.BooleanField(required=False)
    reason = serializers.CharField(max_length=1000)


class PointBody(Body):
    """Thresholds for new results; `evaluation` is that on whose sweep they were chosen."""

    decision = serializers.FloatField()
    abstain = serializers.FloatField()
    evaluation = serializers.UUIDField()
    reason = serializers.CharField(max_length=LONGEST_REASON)


class SwitchBody(Body):
    """Without `site`, for all sites."""

    site = serializers.CharField(required=False, allow_blank=True, default="", max_length=64)
    suspended = serializers.BooleanField()
    reason = serializers.CharField(max_length=LONGEST_REASON)


class CardBody(Body):
    """What a person has to say of a version."""

    summary = serializers.CharField(max_length=5000)
    intended_use = serializers.CharField(max_length=5000)
    warnings = serializers.CharField(max_length=5000)
    known_failures = serializers.CharField(max_length=5000)


class RescoreBody(Body):
    """Which images: of one `site`, last scored by `former`, uploaded on these days."""

    model = serializers.UUIDField()
    site = serializers.CharField(required=False, allow_blank=True, default="", max_length=64)
    former = serializers.UUIDField(required=False, default=None)
    since = serializers.DateField(required=False, default=None)
    until = serializers.DateField(required=False, default=None)
    reason = serializers.CharField(max_length=LONGEST_REASON)


class ShadowBody(Body):
    """Which version is tried, on how many per cent of what one `site`, or all, upload."""

    model = serializers.UUIDField()
    site = serializers.CharField(required=False, allow_blank=True, default="", max_length=64)
    percent = serializers.IntegerField(min_value=1, max_value=100)
    reason = serializers.CharField(max_length=LONGEST_REASON)

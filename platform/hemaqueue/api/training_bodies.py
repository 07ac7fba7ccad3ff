"""What an administrator sends about learning: runs, data sets, snapshots, the test set."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from hemaqueue.api.body import Body
from hemaqueue.reviews.withdrawing import LONGEST_REASON
from hemaqueue.specimens.models import ImageKind
from hemaqueue.specimens.text import visible_text
from hemaqueue.training.lessons import Sources
from hemaqueue.training.models import EPOCHS_MOST, EPOCHS_USUAL, Layout
from hemaqueue.training.networks import CHANGES, NETWORKS
from hemaqueue.training.services import Order


class PreviewQuery(Body):
    """An order that is looked at before it is given; without `image_kind`, for all taught here."""

    image_kind = serializers.ChoiceField(["", *ImageKind.values], required=False, default="")
    epochs = serializers.IntegerField(
        required=False, default=EPOCHS_USUAL, min_value=1, max_value=EPOCHS_MOST
    )
    network = serializers.ChoiceField(["", *NETWORKS], required=False, default="")
    snapshot = serializers.UUIDField(required=False)


class TrainingBody(PreviewQuery):
    """Without a `network` the serving version goes on learning; with one it starts from nothing.

    Without a `snapshot`, what is confirmed now is frozen.
    """

    image_kind = serializers.ChoiceField(ImageKind.choices)
    learning_rate = serializers.FloatField(required=False, min_value=1e-6, max_value=1)
    batch_size = serializers.IntegerField(required=False, min_value=2, max_value=256)
    input_size = serializers.IntegerField(required=False, min_value=32, max_value=512)
    patience = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=EPOCHS_MOST,
        help_text="Epochs without a better check after which it ends; 0, the default: never",
    )
    seed = serializers.IntegerField(required=False, default=0, min_value=0, max_value=2**31 - 1)


def order_of(asked: dict[str, Any]) -> Order:
    return Order(
        asked["image_kind"],
        epochs=asked["epochs"],
        network=asked["network"],
        snapshot=asked.get("snapshot"),
        changes={name: asked[name] for name in CHANGES if name in asked},
        seed=asked["seed"],
    )


class DatasetBody(Body):
    """A ZIP of labelled pictures. It is looked over; nothing is imported yet."""

    file = serializers.FileField(help_text="ZIP, at most 1 GiB")
    name = serializers.CharField(max_length=120, validators=[visible_text])
    image_kind = serializers.ChoiceField(ImageKind.choices)
    layout = serializers.ChoiceField(
        ["", *Layout.values], required=False, default="", help_text="Found out where empty"
    )
    source = serializers.CharField(  # type: ignore[assignment]
        required=False, default="", allow_blank=True, max_length=300, validators=[visible_text]
    )


class ImportBody(Body):
    """`classes`: the class here of each name in the set, "" to leave it out."""

    classes = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=40), required=False
    )


class SnapshotBody(Body):
    """From where labels are taken: what readers confirmed, and data sets by their ids."""

    image_kind = serializers.ChoiceField(ImageKind.choices)
    confirmed = serializers.BooleanField(required=False, default=True)
    datasets = serializers.ListField(child=serializers.UUIDField(), required=False, default=list)


class FrozenBody(SnapshotBody):
    percent = serializers.IntegerField(min_value=1, max_value=100)
    reason = serializers.CharField(max_length=300)


def sources_of(asked: dict[str, Any]) -> Sources:
    return Sources(asked["confirmed"], tuple(asked["datasets"]))


class PictureWithdrawalBody(Body):
    """A picture of a data set, with its label, out of training (`image`), or `back` into it."""

    scope = serializers.ChoiceField(["image", "back"])
    reason = serializers.CharField(max_length=LONGEST_REASON)

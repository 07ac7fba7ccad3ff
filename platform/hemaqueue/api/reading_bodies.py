"""What a reader sends besides a decision, and what a site sets: its policy, its scale."""

from __future__ import annotations

from rest_framework import serializers

from hemaqueue.accounts.saved_views import NAME_AT_MOST, PAGES, QUERY_AT_MOST
from hemaqueue.api.body import Body
from hemaqueue.common.scale import LEAST, MOST, scale_possible
from hemaqueue.reviews.models import Choice
from hemaqueue.reviews.withdrawing import LONGEST_REASON


class FirstReadBody(Body):
    """What a reader sees before the suggestion is shown. It is never changed."""

    choice = serializers.ChoiceField(Choice.choices, default=Choice.LABEL)
    label = serializers.CharField(required=False, allow_blank=True, max_length=40)  # type: ignore[assignment]
    seconds = serializers.FloatField(required=False, min_value=0, max_value=86_400)


class UndoBody(Body):
    """`stamp` is the image's stamp since the decision that is taken back."""

    stamp = serializers.CharField(max_length=40)


class CellBody(Body):
    """A box with a class; its numbers are parts of the picture's width and height, 0 to 1."""

    label = serializers.CharField(max_length=40)  # type: ignore[assignment]
    left = serializers.FloatField()
    top = serializers.FloatField()
    width = serializers.FloatField()
    height = serializers.FloatField()


class CellChangeBody(Body):
    """`version` is that of the cell as it was seen. What is not named stays as it is."""

    version = serializers.IntegerField(min_value=1)
    label = serializers.CharField(required=False, max_length=40)  # type: ignore[assignment]
    left = serializers.FloatField(required=False)
    top = serializers.FloatField(required=False)
    width = serializers.FloatField(required=False)
    height = serializers.FloatField(required=False)


class ProposedCellsBody(Body):
    """The class of every cell that is still proposed."""

    label = serializers.CharField(max_length=40)  # type: ignore[assignment]


class CellVersionBody(Body):
    version = serializers.IntegerField(min_value=1)


class ScaleBody(Body):
    """How large a pixel is; null where nobody knows."""

    microns_per_pixel = serializers.FloatField(
        min_value=LEAST, max_value=MOST, validators=[scale_possible], allow_null=True
    )


class ImageScaleBody(ScaleBody):
    """The scale of one image, or of every image of its case, and why it changes."""

    scope = serializers.ChoiceField(["image", "case"], default="image")
    reason = serializers.CharField(max_length=300)


class PolicyBody(Body):
    """What is not named stays as it is."""

    blind_first_read = serializers.BooleanField(required=False)
    clear_confidence = serializers.FloatField(required=False, min_value=0.5, max_value=1)
    urgent_hours = serializers.IntegerField(required=False, min_value=1, max_value=32767)
    routine_hours = serializers.IntegerField(required=False, min_value=1, max_value=32767)
    double_read_percent = serializers.IntegerField(required=False, min_value=0, max_value=100)
    reason = serializers.CharField(max_length=1000)


class WithdrawalBody(Body):
    """The label as it stands, the image whatever is decided about it, or an image back."""

    scope = serializers.ChoiceField(["label", "image", "back"])
    reason = serializers.CharField(max_length=LONGEST_REASON)


class SavedViewNameBody(Body):
    name = serializers.CharField(max_length=NAME_AT_MOST)


class SavedViewBody(SavedViewNameBody):
    page = serializers.ChoiceField(sorted(PAGES))
    query = serializers.CharField(max_length=2 * QUERY_AT_MOST, allow_blank=True, default="")

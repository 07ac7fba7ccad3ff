"""What the interface takes: the fields of each body, checked before anything is done."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from hemaqueue.accounts.models import Site, SpecimenType, User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.scopes import Scope
from hemaqueue.accounts.selectors import site_ids, sites_allowing
from hemaqueue.api.body import Body
from hemaqueue.audit.tokens import LONGEST_DAYS
from hemaqueue.common.errors import NotAllowed
from hemaqueue.common.scale import LEAST, MOST, scale_possible
from hemaqueue.reviews.amending import LONGEST_REASON
from hemaqueue.reviews.models import Choice, Meaning, Reason, ReturnReason
from hemaqueue.specimens.models import ImageKind
from hemaqueue.specimens.text import visible_text
from jobcontract.names import Method


class RetryBody(Body):
    """By which version: the one asked first, or the one that serves now."""

    model = serializers.ChoiceField(["asked", "serving"], default="asked")

    @classmethod
    def serving(cls, data: Any) -> bool:
        return bool(cls.read(data)["model"] == "serving")


class ContextBody(Body):
    """What a technician says about an image. Empty values mean the site's own."""

    accession = serializers.CharField(
        required=False, allow_blank=True, max_length=64, validators=[visible_text]
    )
    patient = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=64,
        validators=[visible_text],
        help_text="A pseudonym, never a name",
    )
    specimen_type = serializers.ChoiceField(SpecimenType.choices, required=False, allow_blank=True)
    stain = serializers.CharField(
        required=False, allow_blank=True, max_length=60, validators=[visible_text]
    )
    image_kind = serializers.ChoiceField(ImageKind.choices, required=False)
    urgent = serializers.BooleanField(required=False, default=False)
    microns_per_pixel = serializers.FloatField(
        required=False,
        min_value=LEAST,
        max_value=MOST,
        validators=[scale_possible],
        help_text="For the scale bar; left out, the site's own",
    )
    site = serializers.CharField(
        required=False, allow_blank=True, max_length=64, help_text="Slug or id"
    )
    batch = serializers.UUIDField(required=False)
    quality = serializers.ChoiceField(
        ["send", "ask"],
        required=False,
        default="send",
        help_text="What to do with a poor picture: work on it, or hold it until you choose",
    )


class ArchiveBody(ContextBody):
    """A ZIP with its context, and perhaps a manifest of what differs for each file."""

    file = serializers.FileField(help_text="ZIP, at most 1 GiB and 2,000 files")
    manifest = serializers.FileField(required=False, help_text="CSV, see /upload/manifest.csv")
    name = serializers.CharField(required=False, allow_blank=True, max_length=120)
    dry_run = serializers.BooleanField(required=False, default=False)


class ManifestBody(Body):
    """A manifest, and the names of the files that it is meant for, one on each line."""

    manifest = serializers.FileField(help_text="CSV")
    filenames = serializers.CharField(
        required=False, allow_blank=True, max_length=700_000, trim_whitespace=False
    )
    site = serializers.CharField(required=False, allow_blank=True, max_length=64)


class ChoiceBody(Body):
    choice = serializers.ChoiceField(["send", "withdraw"])


class AttachBody(Body):
    image = serializers.UUIDField()


class UploadBody(ContextBody):
    """One file with its context."""

    file = serializers.FileField(help_text="JPEG, PNG or single-page TIFF, at most 64 MiB")


class PredictBody(ContextBody):
    """An image that is here already, or a file."""

    image_id = serializers.UUIDField(required=False)
    file = serializers.FileField(required=False)


class DecisionBody(Body):
    """What a reader says. `stamp` is that of the image as they saw it."""

    choice = serializers.ChoiceField(Choice.choices, default=Choice.LABEL)
    label = serializers.CharField(required=False, allow_blank=True, max_length=40)  # type: ignore[assignment]
    reason = serializers.ChoiceField(Reason.choices, required=False, allow_blank=True)
    note = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    stamp = serializers.CharField(max_length=40)
    seconds = serializers.FloatField(required=False, min_value=0, max_value=86_400)


class ReferBody(Body):
    """The colleague's user name, and what they should look at."""

    colleague = serializers.CharField(max_length=150)
    note = serializers.CharField(max_length=1000)


class NoteBody(Body):
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=1000)


class ReturnBody(Body):
    reason = serializers.ChoiceField(ReturnReason.choices)
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=1000)


class BenchAnswerBody(Body):
    """One of the two: the id of another image of the case, or a word."""

    replacement = serializers.UUIDField(required=False)
    answer = serializers.CharField(required=False, allow_blank=True, max_length=1000)


class ConfirmBody(Body):
    images = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=48)
    password = serializers.CharField(max_length=200, trim_whitespace=False, write_only=True)


class SignBody(Body):
    """`stamp` is that of the case as the signer saw it; the password is the signer's own."""

    meaning = serializers.ChoiceField(Meaning.choices)
    password = serializers.CharField(max_length=200, trim_whitespace=False, write_only=True)
    stamp = serializers.CharField(max_length=64)


class AmendBody(Body):
    reason = serializers.CharField(max_length=LONGEST_REASON, help_text="Printed on the report")


class ClaimBody(Body):
    take_over_reason = serializers.CharField(
        required=False, max_length=LONGEST_REASON, help_text="Why it is taken from who holds it"
    )


class ExplanationBody(Body):
    """Which class to explain, and how; without a layer, the network's last map.

    Occlusion knows no layers. A network without a gradient answers by occlusion whatever is asked.
    """

    label = serializers.CharField(max_length=40)  # type: ignore[assignment]
    method = serializers.ChoiceField(
        [Method.GRADCAM.value, Method.OCCLUSION.value], default=Method.GRADCAM.value
    )
    layer = serializers.RegexField(r"^[\w./-]{1,80}$", default="")


class BatchBody(Body):
    expected = serializers.IntegerField(required=False, default=0, min_value=0, max_value=1_000_000)
    name = serializers.CharField(required=False, allow_blank=True, max_length=120)
    site = serializers.CharField(required=False, allow_blank=True, max_length=64)


class ShareBody(Body):
    """The colleague's user name."""

    colleague = serializers.CharField(max_length=150)


class TokenBody(Body):
    days = serializers.IntegerField(
        required=False, default=LONGEST_DAYS, min_value=1, max_value=LONGEST_DAYS
    )
    scopes = serializers.ListField(
        child=serializers.ChoiceField(Scope.choices), required=False, min_length=1, max_length=20
    )
    site = serializers.CharField(
        required=False, max_length=64, help_text="Slug or id; without it, every site of yours"
    )


class ReasonBody(Body):
    reason = serializers.CharField(max_length=300)


class ReportBody(Body):
    case = serializers.CharField(max_length=64, help_text="The case's id, or its accession")


def site_named(user: User, *, name: str) -> Site:
    """Return the site that `name`, a slug or an id, means to `user`; their only one if empty.

    Raises:
        ValidationError: there is no such site for them, whether it exists or not.
        NotAllowed: no site of theirs lets them upload.
    """
    if not name:
        return _only_site(user)
    mine = Site.objects.filter(pk__in=site_ids(user))
    try:
        found = mine.filter(pk=UUID(name)).first()
    except ValueError:
        found = mine.filter(slug=name).first()
    if found is None:
        raise ValidationError({"site": "You belong to no such site."})
    return found


def _only_site(user: User) -> Site:
    sites = sites_allowing(user, act=Act.UPLOAD)
    if not sites:
        raise NotAllowed
    if len(sites) > 1:
        raise ValidationError({"site": "Name one of your sites."}, code="site_required")
    return sites[0]

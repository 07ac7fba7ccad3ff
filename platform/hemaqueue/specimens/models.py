from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models.functions import Now, Upper
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from hemaqueue.accounts.models import Site, SpecimenType
from hemaqueue.accounts.visibility import SiteScoped
from hemaqueue.audit.models import append_only
from hemaqueue.common.fields import SealedTextField
from hemaqueue.common.scale import scale_check, scale_field


class ImageKind(models.TextChoices):
    """What a picture shows; each kind has a serving model of its own."""

    FIELD = "field", _("Smear field")
    CELL = "cell", _("Single cell")
    SYNTHETIC = "synthetic", _("Synthetic (demonstration)")


class Case(models.Model):
    """A request about one patient, under a pseudonym. What people review and report."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    site = models.ForeignKey(Site, models.PROTECT, related_name="cases")
    accession = models.CharField(max_length=64)
    patient = models.CharField(max_length=64, blank=True, help_text="Pseudonym, never a name")
    urgent = models.BooleanField(default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SiteScoped.manager(site="site", case="pk")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "accession"], name="accession_is_one_per_site")
        ]
        indexes = [
            models.Index(fields=["site", "-created_at", "id"], name="case_newest"),
            models.Index(
                OpClass(Upper("accession"), name="text_pattern_ops"), name="case_by_accession"
            ),
            models.Index(
                OpClass(Upper("patient"), name="text_pattern_ops"), name="case_by_patient"
            ),
        ]

    def __str__(self) -> str:
        return f"Case {self.pk}"


class CaseUserObjectPermission(UserObjectPermissionBase):
    """An exception to the read rule: one case, shown to one colleague of another site."""

    content_object = models.ForeignKey(Case, models.CASCADE)


class Specimen(models.Model):
    """What was drawn: blood or marrow."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="specimens")
    type = models.CharField(max_length=10, choices=SpecimenType.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "type"], name="specimen_is_one_per_type")
        ]

    def __str__(self) -> str:
        return self.get_type_display()


class Slide(models.Model):
    """A smear of a specimen under one stain."""

    specimen = models.ForeignKey(Specimen, models.CASCADE, related_name="slides")
    stain = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["specimen", "stain"], name="slide_is_one_per_stain")
        ]

    def __str__(self) -> str:
        return self.stain


class Batch(models.Model):
    """A bulk submission: images that were sent together.

    `expected` is how many files its sender announced, 0 where nobody said. `ended_at` is set once
    when nothing of it waits any more, and is empty again when something is added.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    site = models.ForeignKey(Site, models.PROTECT, related_name="batches")
    name = models.CharField(max_length=120, blank=True)
    expected = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SiteScoped.manager(site="site")

    class Meta:
        indexes = [
            models.Index(fields=["site", "-created_at", "id"], name="batch_newest"),
            models.Index(
                fields=["created_at"], condition=models.Q(ended_at=None), name="batch_open"
            ),
        ]

    def __str__(self) -> str:
        return f"Batch {self.pk}"


class SmearImage(models.Model):
    """One digitised field. The original is stored encrypted, byte for byte.

    Site and case stand here again, beside the slide, because every list filters by them. A held
    image is poor and waits for its sender's choice; no work was asked for it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    site = models.ForeignKey(Site, models.PROTECT, related_name="images")
    case = models.ForeignKey(Case, models.PROTECT, related_name="images")
    slide = models.ForeignKey(Slide, models.PROTECT, related_name="images")
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="images")
    kind = models.CharField(max_length=10, choices=ImageKind.choices, default=ImageKind.FIELD)
    sha256 = models.CharField(max_length=64)
    perceptual_hash = models.BigIntegerField(null=True)
    key = models.CharField(max_length=120, unique=True)
    filename = SealedTextField(purpose="smearimage.filename")
    format = models.CharField(max_length=8)
    bytes = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    microns_per_pixel = scale_field()
    focus = models.FloatField(null=True)
    exposure = models.FloatField(null=True)
    quality_flags = models.JSONField(default=list)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    held_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = SiteScoped.manager(site="site", case="case")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "sha256"],
                condition=models.Q(withdrawn_at=None),
                name="image_is_one_per_site",
            ),
            scale_check("image_scale_is_possible", column="microns_per_pixel"),
        ]
        indexes = [
            models.Index(fields=["site", "-uploaded_at", "-id"], name="image_newest"),
            models.Index(
                fields=["-uploaded_at", "-id"],
                condition=models.Q(withdrawn_at=None),
                name="image_newest_anywhere",
            ),
            models.Index(fields=["case", "uploaded_at"], name="image_of_case"),
            models.Index(fields=["batch", "uploaded_at"], name="image_of_batch"),
        ]

    def __str__(self) -> str:
        return f"Image {self.pk}"

    @property
    def preview_key(self) -> str:
        return f"{self.key}.preview"

    @property
    def thumbnail_key(self) -> str:
        return f"{self.key}.thumbnail"


class ScaleChange(models.Model):
    """A person's word that the scale of an image was wrong: what it was, what it is, and why."""

    image = models.ForeignKey(SmearImage, models.PROTECT, related_name="scale_changes")
    before = scale_field()
    after = scale_field()
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["at", "id"]
        triggers = append_only("scale_change")

    def __str__(self) -> str:
        return f"Scale of {self.image_id}"


class RefusedFile(models.Model):
    """A file of a batch that became no image of its own, and why. The file is not kept.

    The code is the refusal's, or `duplicate` with the image that has the same bytes and the case
    for which it was sent this time.
    """

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="refused")
    filename = SealedTextField(purpose="refusedfile.filename")
    code = models.CharField(max_length=40)
    detail = models.CharField(max_length=300)
    duplicate_of = models.ForeignKey(SmearImage, models.CASCADE, null=True, related_name="+")
    case = models.ForeignKey(Case, models.CASCADE, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.code


class Attachment(models.Model):
    """A picture of one case that somebody also put beside another: shown there, decided at home."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="attachments")
    image = models.ForeignKey(SmearImage, models.CASCADE, related_name="attachments")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "image"], name="attachment_is_one_per_case")
        ]

    def __str__(self) -> str:
        return f"{self.image_id} beside {self.case_id}"

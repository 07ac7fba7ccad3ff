from __future__ import annotations

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from hemaqueue.common.fields import SealedTextField
from hemaqueue.jobs.models import Job
from hemaqueue.specimens.models import ImageKind


class Layout(models.TextChoices):
    """How a data set says what its pictures show."""

    FOLDERS = "folders", _("A folder for each class")
    CSV = "csv", _("CSV manifest")
    YOLO = "yolo", _("YOLO text files")
    VOC = "voc", _("Pascal VOC")
    CNMC = "cnmc", _("C-NMC file names")


class Dataset(models.Model):
    """Labelled pictures that somebody brought from outside, to learn from or to judge on.

    It is looked over first (`found` says what lies in it, `names` what its classes are called
    and what each becomes, "" where it is left out), and imported when a person says so.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=ImageKind.choices)
    layout = models.CharField(max_length=10, choices=Layout.choices)
    source = models.CharField(max_length=300, blank=True, help_text="Whose it is, and its licence")
    names = models.JSONField(default=dict)
    found = models.JSONField(default=dict)
    bytes = models.PositiveBigIntegerField(default=0)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=Now())
    job = models.OneToOneField(Job, models.PROTECT, null=True, related_name="dataset")
    ended_at = models.DateTimeField(null=True)
    discarded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"Dataset {self.pk}"

    @property
    def from_folder(self) -> bool:
        """Say whether no archive stands behind it: the command line imports it."""
        return not self.bytes


class DatasetImage(models.Model):
    """One picture of a data set, stored as every image is.

    It is never changed but for its group, and for when it was withdrawn from training.

    `subject` is the pseudonym that the set gives, `group` what must stay on one side of a split:
    the subject, else what looks alike. An empty label means that no class was given.
    `boxes` are [class, x, y, width, height] with the centre, as shares of the picture; `traits`
    what a manifest says of site, stain, device, scanner, sex and age band (jobcontract/traits.py).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dataset = models.ForeignKey(Dataset, models.PROTECT, related_name="images")
    name = SealedTextField(purpose="datasetimage.name")
    label = models.CharField(max_length=40, blank=True)
    subject = models.CharField(max_length=64, blank=True)
    given_group = models.CharField(max_length=64, blank=True)
    group = models.CharField(max_length=64, blank=True)
    boxes = models.JSONField(default=list)
    traits = models.JSONField(default=dict, db_default={})
    sha256 = models.CharField(max_length=64, unique=True)
    perceptual_hash = models.BigIntegerField(null=True)
    key = models.CharField(max_length=120, unique=True)
    format = models.CharField(max_length=8)
    bytes = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["dataset", "label"], name="dataset_image_by_label")]
        triggers = [
            pgtrigger.Protect(name="dataset_image_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="dataset_image_keeps_its_label",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__label__df=pgtrigger.F("new__label"))
                | pgtrigger.Q(old__sha256__df=pgtrigger.F("new__sha256")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.sha256[:12]}"

    @property
    def preview_key(self) -> str:
        return f"{self.key}.preview"

    @property
    def thumbnail_key(self) -> str:
        return f"{self.key}.thumbnail"


class DatasetFault(models.Model):
    """A file of a data set that became no picture of it, and why; the rest is imported.

    `twin` is the picture that has the same bytes, where there is one, `label` what this file was
    called where that contradicts it.
    """

    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="faults")
    name = SealedTextField(purpose="datasetfault.name")
    code = models.CharField(max_length=40)
    detail = models.CharField(max_length=300)
    twin = models.ForeignKey(DatasetImage, models.PROTECT, null=True, related_name="+")
    label = models.CharField(max_length=40, blank=True, db_default="", default="")

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["dataset", "code"], condition=~Q(code=""), name="dataset_fault")
        ]

    def __str__(self) -> str:
        return self.code

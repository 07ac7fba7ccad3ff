from __future__ import annotations

import uuid

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from hemaqueue.accounts.roles import Role
from hemaqueue.accounts.scopes import Bearer, Scope
from hemaqueue.common.scale import scale_check, scale_field


class SpecimenType(models.TextChoices):
    BLOOD = "blood", _("Peripheral blood")
    MARROW = "marrow", _("Bone marrow")


class User(AbstractUser):
    """A person, or a machine with a token. Never shared, never deleted, only deactivated."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    language = models.CharField(max_length=10, blank=True)
    acknowledged_use = models.CharField(
        max_length=20, blank=True, help_text="Version of the intended use that was acknowledged"
    )

    #: Set by the authentication of a request that came with a token.
    bearer: Bearer | None = None

    @property
    def printed_name(self) -> str:
        return self.get_full_name() or self.username


class Site(models.Model):
    """A laboratory with its own patients. What belongs to a site is seen by its members."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    default_specimen = models.CharField(
        max_length=10, choices=SpecimenType.choices, default=SpecimenType.MARROW
    )
    default_stain = models.CharField(max_length=60, default="Wright-Giemsa")
    default_microns_per_pixel = scale_field()
    members = models.ManyToManyField(User, through="Membership", related_name="sites")

    class Meta:
        ordering = ["name"]
        constraints = [scale_check("site_scale_is_possible", column="default_microns_per_pixel")]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """What one person may do at one site. It takes effect, and ends, with the next request."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    site = models.ForeignKey(Site, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "site"], name="membership_is_one_per_site"),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="membership_role_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} at {self.site_id}"


class SavedView(models.Model):
    """A filter that one person gave a name: a page's name and its query string."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "page", "name"], name="saved_view_has_its_own_name"
            )
        ]

    def __str__(self) -> str:
        return f"View {self.pk} of {self.page}"


class TokenGrant(models.Model):
    """What a token may be used for. A token without one opens nothing."""

    token = models.OneToOneField(
        "knox.AuthToken", models.CASCADE, primary_key=True, related_name="grant"
    )
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope.choices))
    site = models.ForeignKey(
        Site, models.CASCADE, null=True, blank=True, help_text="Empty: every site of the owner's"
    )
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(scopes__len__gt=0), name="token_grant_allows_something"
            )
        ]

    def __str__(self) -> str:
        return f"Grant of {self.token_id[:8]}"

    @property
    def bearer(self) -> Bearer:
        return Bearer(frozenset(self.scopes), self.site_id)

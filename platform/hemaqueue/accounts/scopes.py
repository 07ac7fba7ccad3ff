"""What a token may be used for. Its bearer never has more than its owner, and never signs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    SLIDE_WRITE = "slide:write", _("Send images, and see what became of them")
    RESULT_READ = "result:read", _("Read cases, results and reports")
    JOB_WRITE = "job:write", _("Try work again, and call it off")
    REVIEW_WRITE = "review:write", _("Decide, mark cells, claim and refer cases")
    REPORT_WRITE = "report:write", _("Ask for reports and exports")
    MANAGE_WRITE = "manage:write", _("Train models, and change how a site reads")


USUAL = (Scope.SLIDE_WRITE, Scope.RESULT_READ)


@dataclass(frozen=True)
class Bearer:
    """What the token of a request allows: `site` None means every site of its owner's."""

    scopes: frozenset[str]
    site: UUID | None = None

    def has(self, wanted: Iterable[str]) -> bool:
        """Say whether one of `wanted` is among the scopes."""
        return not self.scopes.isdisjoint(wanted)

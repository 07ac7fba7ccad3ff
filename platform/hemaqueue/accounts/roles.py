"""The three roles of this release, and what each may do. A further role is a further row."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    TECHNICIAN = "technician", _("Technician")
    CLINICIAN = "clinician", _("Clinician")
    ADMINISTRATOR = "administrator", _("Administrator")


class Act(StrEnum):
    """What a role allows at its site. Reading is membership itself."""

    UPLOAD = "upload"
    RETRY = "retry"
    WITHDRAW = "withdraw"
    SET_SCALE = "set_scale"
    WITHDRAW_LABEL = "withdraw_label"
    DECIDE = "decide"
    SIGN = "sign"
    REPORT = "report"
    SHARE = "share"
    DOWNLOAD_ORIGINAL = "download_original"
    EXPORT_IDENTIFIED = "export_identified"
    SEARCH_AUDIT = "search_audit"
    KNOW_RULES = "know_rules"
    MANAGE = "manage"


ALLOWED: dict[Role, frozenset[Act]] = {
    Role.TECHNICIAN: frozenset({Act.UPLOAD, Act.RETRY, Act.WITHDRAW, Act.SET_SCALE}),
    Role.CLINICIAN: frozenset(
        {
            Act.UPLOAD,
            Act.RETRY,
            Act.WITHDRAW,
            Act.SET_SCALE,
            Act.WITHDRAW_LABEL,
            Act.DECIDE,
            Act.SIGN,
            Act.REPORT,
            Act.SHARE,
            Act.DOWNLOAD_ORIGINAL,
            Act.EXPORT_IDENTIFIED,
            Act.KNOW_RULES,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            Act.RETRY,
            Act.SET_SCALE,
            Act.WITHDRAW_LABEL,
            Act.SEARCH_AUDIT,
            Act.KNOW_RULES,
            Act.MANAGE,
        }
    ),
}


def roles_allowing(act: Act) -> list[Role]:
    return [role for role, acts in ALLOWED.items() if act in acts]

"""The read rule, once: members of a site see what belongs to it, and a case may be shared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import Q

from hemaqueue.accounts.selectors import site_ids
from hemaqueue.common.asking import asked_once

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User


class SiteScoped(models.QuerySet[Any]):
    """A query set whose rows belong to a site, and perhaps to a case.

    `site` and `case` are the paths from the row to them; an empty case path means that rows
    of this kind are never shared.
    """

    site_path = "site"
    case_path = ""

    @classmethod
    def manager(cls, *, site: str, case: str = "") -> Any:
        scoped: type[SiteScoped] = type(
            "SiteScoped", (cls,), {"site_path": site, "case_path": case}
        )
        return scoped.as_manager()

    def visible_to(self, user: User) -> Self:
        """Return only what `user` may see. Every read begins here."""
        rule = Q(**{f"{self.site_path}__in": site_ids(user)})
        if self.case_path and (cases := shared_case_ids(user)):
            rule |= Q(**{f"{self.case_path}__in": cases})
        return self.filter(rule)


@asked_once
def shared_case_ids(user: User) -> list[UUID]:
    """Return the cases that were shared with `user` by name."""
    if not user.is_authenticated or not user.is_active:
        return []
    grants = apps.get_model("specimens", "CaseUserObjectPermission").objects
    found = grants.filter(user=user, permission__codename="view_case")
    if user.bearer and user.bearer.site:
        found = found.filter(content_object__site=user.bearer.site)
    return list(found.values_list("content_object_id", flat=True))

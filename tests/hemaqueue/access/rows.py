"""A row of the access table: one method of one route, and what each role is answered.

`object` is what the address names; the columns are the statuses for members of the object's
site, `guest` is a clinician of another site with whom the case was shared. Everybody else is a
rule, not a column: see `expected`. `events` are the actions that an allowed access leaves.
"""

from __future__ import annotations

from dataclasses import dataclass

MEMBERS = ("technician", "clinician", "administrator")
ROLES = (*MEMBERS, "guest", "outsider", "former", "deactivated", "anonymous")


@dataclass(frozen=True)
class Row:
    route: str
    method: str
    object: str  # "" where nothing is named, "@image" where the body names it
    technician: int
    clinician: int
    administrator: int
    guest: int
    events: tuple[str, ...] = ()
    former: int = 0
    open: bool = False
    common: bool = False  # the object belongs to no site: every member may have it

    @property
    def is_api(self) -> bool:
        return self.route.startswith(("api:", "short:"))

    def expected(self, role: str) -> int:
        """Return the status for `role`: a column, or the rule for those who have none."""
        if role in MEMBERS or (role == "guest" and self.object):
            return int(getattr(self, role))
        if self.open:
            return self.technician
        if role in ("guest", "outsider"):
            return 404 if self.object and not self.common else self.clinician
        if role == "former":
            return self.former or (403 if self.is_api else 404)
        return 401 if self.is_api else 302


def row(
    route: str,
    method: str,
    about: str,
    statuses: str,
    *events: str,
    former: int = 0,
    common: bool = False,
) -> Row:
    """Read the four columns from one string, so that rows stand under one another."""
    columns = [int(status) for status in statuses.split()]
    return Row(route, method, about, *columns, events=events, former=former, common=common)

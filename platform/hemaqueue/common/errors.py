"""Every refusal in one tree: a stable code, an HTTP status, and a sentence for people.

PlatformError
├── NotAllowed          403
├── Missing             404
├── Conflict            409
└── Refused             422
"""

from __future__ import annotations


class PlatformError(Exception):
    """The request cannot be done."""

    code = "refused"
    status = 409

    def __init__(self, detail: str = "", *, code: str = "") -> None:
        self.detail = detail or (self.__doc__ or "").strip().splitlines()[0]
        self.code = code or self.code
        super().__init__(self.detail)

    @property
    def sentence(self) -> str:
        """The sentence in the reader's language, for pages; scripts get `detail` as it is."""
        from django.utils.translation import gettext  # the intake's helper has no Django

        return gettext(self.detail)


class NotAllowed(PlatformError):
    """Your role at this site does not include this act."""

    code = "not_allowed"
    status = 403


class Missing(PlatformError):
    """There is nothing here that you may see."""

    code = "not_found"
    status = 404


class Conflict(PlatformError):
    """Somebody changed this in the meantime. Reload, and look again."""

    code = "stale"
    status = 409


class Refused(PlatformError):
    """The request is not complete."""

    code = "invalid"
    status = 422

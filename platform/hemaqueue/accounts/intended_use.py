"""What the product is for, in the words that everybody acknowledges before the first page.

Whoever changes a sentence changes the version: everybody is then asked once more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User

VERSION = "2026-11"
SENTENCES = (
    _(
        "Hemaqueue suggests a class for each picture of a blood or bone-marrow smear. "
        "It is decision support for trained staff."
    ),
    _(
        "A suggestion describes one picture, not a patient. A haematologist confirms every "
        "result, and only what is signed may be acted on."
    ),
    _(
        "The model knows the classes of its card and pictures like those it learned from. "
        "Others are marked, but not every one of them: look at the picture first."
    ),
    _("A heatmap shows where the model looked. It finds no cells and proves nothing."),
    _("What you open, send, decide and sign is recorded with your name and the time."),
)


def use_is_acknowledged(user: User) -> bool:
    return user.acknowledged_use == VERSION


def use_acknowledge(user: User) -> None:
    """Note that a person acknowledged the present text; the audit trail keeps every version."""
    user.acknowledged_use = VERSION
    user.save(update_fields=["acknowledged_use"])

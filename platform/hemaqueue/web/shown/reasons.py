"""Why a case stands in its lane: each reason as a word, and as a sentence that says what to do."""

from __future__ import annotations

from collections.abc import Sequence

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from hemaqueue.common.wording import said_once
from hemaqueue.reviews.models import Review
from hemaqueue.reviews.signals import QUIET, Signal, signals_ordered
from hemaqueue.web.shown.chips import Chip
from hemaqueue.web.shown.flags import CHECKS, Check, check_in_words

SHOWN = 3

REASONS = CHECKS | {
    check.code: check
    for check in (
        Check("urgent", _("Urgent"), _("The bench marked this case as urgent.")),
        Check("overdue", _("Overdue"), _("It waits for longer than this site allows.")),
        Check(
            "answered",
            _("Returned, answered"),
            _("What was sent back to the bench has an answer. Read it, and the new image."),
        ),
        Check("referred", _("Second opinion"), _("A colleague was asked and has not answered.")),
        Check(
            "disagreement",
            _("Readers disagree"),
            _("Two readers say different things. Somebody has to settle it before signing."),
        ),
        Check(
            "failed",
            _("Work failed"),
            _("An image has no suggestion, because the work on it failed. Read it without one."),
        ),
        Check(
            "missing",
            _("No suggestion"),
            _("Something that should be known of an image is not. Read it without a suggestion."),
        ),
        Check(
            "malignant",
            _("Malignant"),
            _("At least one image suggests a malignant class, or was read as one."),
        ),
        Check("unsettled", _("Left uncertain"), _("An image was left uncertain. Settle it.")),
        Check("amended", _("Opened again"), _("It was signed before, and opened with a reason.")),
        Check(
            "unknown_stain",
            _("Unknown stain"),
            _("The model has not been judged on this stain. Do not lean on its scores."),
        ),
        Check("noted", _("Note"), _("A reader left a note. Read it.")),
        Check(
            "second_read",
            _("Second reader"),
            _("Two readers read this case, each without the other's word. One is still missing."),
        ),
        Check("at_bench", _("At the bench"), _("An image was sent back and is not answered yet.")),
        Check(
            "working",
            _("Work in progress"),
            _("Not every image has its result. Wait for it, or read the rest."),
        ),
        Check(
            "below_limit",
            _("Below the limit"),
            _("Benign, but less sure than this site asks for. Read every image."),
        ),
    )
}

RED = frozenset({Signal.URGENT, Signal.OVERDUE, Signal.FAILED})
#: Said in the row's other columns, or no news to a reader: sentences, but no chips.
UNCHIPPED = frozenset({Signal.BELOW_LIMIT, Signal.MALIGNANT})


def reasons_of(review: Review) -> list[str]:
    """Return the codes of a row, with overdue by the clock: the next sweep writes it down."""
    codes = set(review.reasons)
    if review.due_at and review.due_at <= timezone.now() and review.state == "open":
        codes.add(Signal.OVERDUE)
    return signals_ordered(codes)


@said_once
def reasons_drawn(codes: tuple[str, ...]) -> SafeString:
    """Return the chips of a row, and in a fold what to check before signing."""
    checks = [check for check in map(_in_words, codes) if check.sentence]
    shown = {"flags": reason_chips(codes), "checks": checks}
    return render_to_string("worklist/_reasons.html", shown)


@said_once
def _in_words(code: str) -> Check:
    return check_in_words(REASONS.get(code), code=code)


def reason_chips(codes: Sequence[str], *, at_most: int = SHOWN) -> list[Chip]:
    """Return at most three chips, and how many more there are."""
    shown = [code for code in codes if code not in UNCHIPPED]
    chips = [_chip(_in_words(code)) for code in shown[:at_most]]
    hidden = len(shown) - at_most
    return [*chips, Chip("waiting", "plus-lg", str(hidden))] if hidden > 0 else chips


def _chip(check: Check) -> Chip:
    kind, icon = "attention", "exclamation-diamond"
    if check.code in RED:
        kind, icon = "failed", "exclamation-octagon"
    elif check.code in QUIET or check.code == Signal.ANSWERED:
        kind, icon = "waiting", "circle"
    return Chip(kind, icon, str(check.word), str(check.sentence))

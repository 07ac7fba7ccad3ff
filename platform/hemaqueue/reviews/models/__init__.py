"""What readers leave behind: reviews, decisions, cells, signatures, and how a site reads."""

from hemaqueue.reviews.models.cells import CellOrigin, LocatedCell
from hemaqueue.reviews.models.decision import (
    Choice,
    ConfirmedLabel,
    Decision,
    FirstRead,
    Origin,
    Reason,
)
from hemaqueue.reviews.models.policy import ReviewPolicy
from hemaqueue.reviews.models.review import TO_READ, Lane, Review, ReviewState
from hemaqueue.reviews.models.routing import Referral, Return, ReturnReason
from hemaqueue.reviews.models.signing import Amendment, Meaning, Signature
from hemaqueue.reviews.models.withdrawal import LabelWithdrawal

__all__ = [
    "TO_READ",
    "Amendment",
    "CellOrigin",
    "Choice",
    "ConfirmedLabel",
    "Decision",
    "FirstRead",
    "LabelWithdrawal",
    "Lane",
    "LocatedCell",
    "Meaning",
    "Origin",
    "Reason",
    "Referral",
    "Return",
    "ReturnReason",
    "Review",
    "ReviewPolicy",
    "ReviewState",
    "Signature",
]

"""A comparison of two versions in the words of the interface."""

from __future__ import annotations

import dataclasses

from hemaqueue.accounts.models import User
from hemaqueue.api.answers import (
    ComparisonAnswer,
    DifferenceAnswer,
    FlipAnswer,
    McNemarAnswer,
)
from hemaqueue.api.shown.evaluations import evaluation_row
from hemaqueue.evaluations.comparing import Comparison, Flip
from hemaqueue.evaluations.selectors import images_by_sha256
from jobcontract.paired import CHANGES

MOST_FLIPS = 1000


def comparison_answer(found: Comparison, *, user: User) -> ComparisonAnswer:
    return ComparisonAnswer(
        this=evaluation_row(found.this),
        against=evaluation_row(found.against),
        n=found.n,
        mcnemar={
            name: McNemarAnswer(**dataclasses.asdict(test)) for name, test in found.tests.items()
        },
        difference={
            name: DifferenceAnswer(**dataclasses.asdict(row))
            for name, row in found.differences.items()
        },
        flipped={change: len(found.flipped(change)) for change in CHANGES},
        flips=_flips(found.flips[:MOST_FLIPS], user=user),
    )


def _flips(flips: list[Flip], *, user: User) -> list[FlipAnswer]:
    here = images_by_sha256([one.this.sha256 for one in flips], user=user)
    return [
        FlipAnswer(
            sha256=one.this.sha256,
            image=here[one.this.sha256].pk if one.this.sha256 in here else None,
            label=one.this.label,
            this=one.this.named,
            against=one.against.named,
            this_malignant=one.this.called_malignant,
            against_malignant=one.against.called_malignant,
            this_confidence=one.this.confidence,
            against_confidence=one.against.confidence,
            change=one.change,
        )
        for one in flips
    ]

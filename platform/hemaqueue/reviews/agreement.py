"""How often two readers of the same images agree, beyond chance."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count

from hemaqueue.accounts.models import User
from hemaqueue.reviews.models import Decision

if TYPE_CHECKING:
    from hemaqueue.accounts.models import Site


@dataclass(frozen=True)
class Agreement:
    """Two readers over the `n` images that both read. `kappa` is None where chance explains all.

    Source: J. Cohen, A coefficient of agreement for nominal scales, 1960.
    """

    readers: tuple[str, str]
    n: int
    agreed: int
    kappa: float | None


def agreement_of_pairs(site: Site) -> list[Agreement]:
    """Return the agreement of every pair of readers of a site, the largest number first."""
    own = Decision.objects.filter(image__site=site, adjudicates=False)
    twice = own.values("image").annotate(n=Count("pk")).filter(n__gt=1).values("image")
    words: dict[UUID, dict[UUID, str]] = defaultdict(dict)
    read = own.filter(image__in=twice).values_list("image", "reader", "label", "choice")
    for image, reader, label, choice in read:
        words[image][reader] = label or choice
    pairs: dict[tuple[UUID, UUID], list[tuple[str, str]]] = defaultdict(list)
    for said in words.values():
        for first, second in combinations(sorted(said), 2):
            pairs[first, second].append((said[first], said[second]))
    readers = User.objects.in_bulk({one for who in pairs for one in who})
    found = [_agreement(readers[a], readers[b], both) for (a, b), both in pairs.items()]
    return sorted(found, key=lambda one: (-one.n, one.readers))


def _agreement(one: User, other: User, both: list[tuple[str, str]]) -> Agreement:
    first, second = sorted((one.printed_name, other.printed_name))
    agreed = sum(a == b for a, b in both)
    return Agreement((first, second), len(both), agreed, cohens_kappa(both))


def cohens_kappa(both: list[tuple[str, str]]) -> float | None:
    """Return the agreement beyond chance of two readers' words, -1 to 1."""
    n = len(both)
    first, second = Counter(a for a, _ in both), Counter(b for _, b in both)
    by_chance = sum(first[word] * second[word] for word in first) / n**2
    if by_chance == 1:
        return None
    return (sum(a == b for a, b in both) / n - by_chance) / (1 - by_chance)

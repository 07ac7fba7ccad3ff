"""Cohen's kappa: by hand, against scikit-learn, and over what readers really said."""

from __future__ import annotations

import random

import pytest
from sklearn.metrics import cohen_kappa_score

from hemaqueue.accounts.models import User
from hemaqueue.reviews.agreement import agreement_of_pairs, cohens_kappa
from tests import factories, readings
from tests.people import Script

BY_HAND = [
    # 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no: observed 0.7, by chance 0.5, so 0.4
    ([("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15, 0.4),
    ([("a", "a"), ("b", "b")], 1.0),
    ([("a", "b"), ("b", "a")], -1.0),
    # each word by chance as often as it was said: nothing beyond it
    ([("a", "a"), ("a", "b"), ("b", "a"), ("b", "b")], 0.0),
    # three words; observed 4/6, by chance (3*2 + 2*2 + 1*2)/36 = 1/3
    ([("a", "a"), ("a", "a"), ("a", "b"), ("b", "b"), ("b", "c"), ("c", "c")], 0.5),
]


@pytest.mark.parametrize(("both", "kappa"), BY_HAND)
def test_kappa_is_what_one_computes_by_hand(both: list[tuple[str, str]], kappa: float) -> None:
    assert cohens_kappa(both) == pytest.approx(kappa)


def test_two_who_only_ever_say_one_word_have_no_kappa() -> None:
    assert cohens_kappa([("benign", "benign")] * 4) is None


@pytest.mark.parametrize("seed", range(25))
def test_kappa_is_that_of_scikit_learn(seed: int) -> None:
    drawn = random.Random(seed)
    words = ["benign", "early_pre_b", "pre_b", "pro_b", "uncertain"][: 2 + seed % 4]
    first = [drawn.choice(words) for _ in range(5 + 7 * seed)]
    second = [one if drawn.random() < 0.6 else drawn.choice(words) for one in first]
    expected = cohen_kappa_score(first, second)
    assert cohens_kappa(list(zip(first, second, strict=True))) == pytest.approx(expected)


def test_a_pair_counts_the_images_that_both_read(db: None, clara: User) -> None:
    carl = factories.person("carl", "clinician", last_name="Habimana")
    for theirs in ("early_pre_b", "early_pre_b", "pre_b", "benign"):
        both = readings.case_ready(by=clara).images.get()
        readings.decision(both, by=carl, choice=theirs)
    readings.case_ready(by=clara)  # read by one alone
    [pair] = agreement_of_pairs(factories.SiteFactory())
    assert (pair.readers, pair.n, pair.agreed) == (("Carl Habimana", "Clara Uwase"), 4, 2)
    assert pair.kappa == pytest.approx(0.0)  # one of them always said the same
    said = Script(clara).get("/api/v1/sites/demo/agreement/").json()["results"]
    assert said == [{"readers": ["Carl Habimana", "Clara Uwase"], "n": 4, "agreed": 2, "kappa": 0}]


def test_two_readers_of_one_name_stay_two(db: None, clara: User) -> None:
    other = factories.person("clara2", "clinician", first_name="Clara", last_name="Uwase")
    readings.decision(readings.case_ready(by=clara).images.get(), by=other, choice="pre_b")
    [pair] = agreement_of_pairs(factories.SiteFactory())
    assert (pair.readers, pair.n, pair.agreed) == (("Clara Uwase", "Clara Uwase"), 1, 0)

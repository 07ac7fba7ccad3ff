"""What a report says, before it is drawn."""

from __future__ import annotations

import pytest

from hemaqueue.accounts.models import User
from hemaqueue.common.intervals import wilson
from hemaqueue.reports.figures import figures
from hemaqueue.reports.gathering import report_content
from hemaqueue.reports.models import Report
from hemaqueue.reports.words import confidence, score
from hemaqueue.reviews.models import Decision
from hemaqueue.reviews.selectors import review_stamp
from hemaqueue.reviews.services import Verdict, decision_record
from hemaqueue.specimens.models import SmearImage
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_confidence_belongs_to_the_class_that_is_named(report: Report) -> None:
    said = report_content(report).images[0].suggestion
    assert said is not None
    assert (said.name, said.confidence, said.malignant) == ("Early Pre-B", "high · 0.91", "0.99")
    assert said.heatmap_of == said.name
    assert [line.text for line in said.lines] == ["0.91", "0.05", "0.03", "0.01"]


def test_a_correction_is_called_one(report: Report) -> None:
    [reading] = report_content(report).images[0].readings
    assert (reading.reader, reading.said, reading.corrects) == ("Clara Uwase", "Pre-B", True)


def test_an_image_without_a_result_says_why(report: Report) -> None:
    image = report_content(report).images[1]
    assert image.suggestion is None
    assert image.state == "No result: It broke."


def test_the_summary_counts_pictures(report: Report) -> None:
    assert report_content(report).summary == [
        "2 pictures, 1 with a suggestion.",
        "Suggested by the model: Early Pre-B 1.",
        "Read by a person: 1 of 2; corrected: 1.",
    ]


def test_withdrawn_images_are_left_out(report: Report) -> None:
    SmearImage.objects.filter(case=report.case).update(withdrawn_at=report.requested_at)
    content = report_content(report)
    assert content.images == []
    assert content.models == []


def test_the_same_records_have_the_same_hash(report: Report) -> None:
    assert report_content(report).sha256 == report_content(report).sha256


def test_another_decision_is_another_hash(report: Report, otto: User, clara: User) -> None:
    before = report_content(report).sha256
    image = SmearImage.objects.filter(case=report.case).earliest("uploaded_at")
    verdict = Verdict(choice="uncertain", stamp=review_stamp(image))
    decision_record(image, verdict=verdict, by=clara)
    assert report_content(report).sha256 != before


def test_an_empty_case_has_a_report(clara: User) -> None:
    case = factories.CaseFactory()
    report = Report.objects.create(case=case, revision=1, requested_by=clara)
    report.refresh_from_db()
    assert report_content(report).summary[0] == "0 pictures, 0 with a suggestion."


METRICS = {
    "split": "field-disjoint", "n": 390, "accuracy": 0.9923,
    "binary": {"sensitivity": 1.0, "specificity": 0.8833, "n_malignant": 330, "n_benign": 60},
    "intervals": {"accuracy": [0.98, 1.0], "sensitivity": [1.0, 1.0], "specificity": [0.77, 0.98]},
}  # fmt: skip


def test_figures_come_with_their_n_and_interval() -> None:
    found = {figure.name: figure for figure in figures(METRICS)}
    specificity = found["Specificity for malignant"]
    assert (specificity.value, specificity.n) == ("0.883", "60")
    assert specificity.interval == "0.770 to 0.980"
    assert "Mean recall of the classes" not in found


def test_a_perfect_score_is_not_printed_as_certain() -> None:
    found = {figure.name: figure for figure in figures(METRICS)}
    assert found["Sensitivity for malignant"].interval == "0.988 to 1.000"


def test_wilson_gives_the_published_interval() -> None:
    """Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263 is 0.2553 to 0.3662."""
    low, high = wilson(81 / 263, n=263)
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)


@pytest.mark.parametrize(
    ("value", "text"), [(1.0, ">0.99"), (0.991, ">0.99"), (0.0, "<0.01"), (0.505, "0.51")]
)
def test_scores_claim_no_certainty(value: float, text: str) -> None:
    assert score(value) == text


def test_the_word_stands_before_the_number() -> None:
    assert [confidence(value) for value in (0.5, 0.8, 0.95)] == [
        "low · 0.50",
        "moderate · 0.80",
        "high · 0.95",
    ]


def test_a_note_cannot_turn_the_words_after_it(report: Report) -> None:
    Decision.objects.update(note="seen \u202ereversed\u2066 1")
    [reading] = report_content(report).images[0].readings
    assert reading.note == "seen reversed 1"

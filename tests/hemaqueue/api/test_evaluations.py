"""Evaluations through the interface: take in, list, read, and the pictures of a cell."""

from __future__ import annotations

import uuid

from hemaqueue.accounts.models import User
from tests import factories, judging
from tests.people import Script

HERE = "/api/v1/evaluations/"


def test_a_report_is_taken_in_once_and_read_whole(adam: User, tessa: User) -> None:
    version = factories.ModelVersionFactory()
    said = judging.report(version)
    first, again = (Script(adam).post(HERE, said) for _ in range(2))
    assert first.status_code == again.status_code == 201
    kept = first.json()
    assert again.json()["id"] == kept["id"]
    assert (kept["accuracy"], kept["colour_only_accuracy"], kept["n"]) == (0.95, 0.8, 60)
    assert Script(tessa).get(kept["url"]).json()["report"]["confusion_matrix"][0] == [12, 3, 0, 0]
    listed = Script(tessa).get(f"/api/v1/models/{version.pk}/evaluations/").json()["results"]
    assert [one["id"] for one in listed] == [kept["id"]]


def test_a_subgroup_of_too_few_has_no_figures(tessa: User) -> None:
    figures = {"accuracy": 0.9, "macro_recall": 0.9, "sensitivity": 1.0, "specificity": None}
    groups = {"few": {"n": 19} | figures, "many": {"n": 20} | figures}
    kept = judging.evaluation(factories.ModelVersionFactory(), subgroups={"scanner": groups})
    shown = Script(tessa).get(f"{HERE}{kept.pk}/").json()["report"]["subgroups"]["scanner"]
    assert shown == {"few": {"n": 19, "too_few": True}, "many": groups["many"]}


def test_only_who_runs_the_installation_takes_reports_in(tessa: User, clara: User) -> None:
    said = judging.report(factories.ModelVersionFactory())
    assert {Script(one).post(HERE, said).status_code for one in (tessa, clara)} == {404}


def test_another_file_is_refused_with_a_sentence(adam: User) -> None:
    said = Script(adam).post(HERE, {"accuracy": 1})
    assert (said.status_code, said.json()["code"]) == (422, "evaluation_unfit")
    strange = judging.report(factories.ModelVersionFactory(), digest="0" * 64)
    assert Script(adam).post(HERE, strange).json()["code"] == "bundle_unknown"


def test_the_pictures_of_a_cell(adam: User) -> None:
    image = factories.image()
    rows = [judging.row(image.sha256, "benign", "pre_b"), *judging.some_rows(wrong=1)]
    evaluation = judging.evaluation(factories.ModelVersionFactory(), rows)
    address = f"{HERE}{evaluation.pk}/pictures/"
    cell = Script(adam).get(f"{address}?label=benign&named=pre_b").json()
    assert (cell["count"], cell["results"][0]["image"]) == (1, str(image.pk))
    errors = Script(adam).get(address).json()
    assert errors["count"] == 2
    assert [one["image"] for one in errors["results"] if one["named"] == "early_pre_b"] == [None]


def test_the_errors_of_a_side_with_their_site(adam: User) -> None:
    image = factories.image()
    rows = [judging.row(image.sha256, "pre_b", "benign"), *judging.some_rows(wrong=1)]
    evaluation = judging.evaluation(factories.ModelVersionFactory(), rows)
    address = f"{HERE}{evaluation.pk}/pictures/?side="
    missed = Script(adam).get(f"{address}false_negative").json()["results"]
    assert [(one["image"], one["site"]) for one in missed] == [(str(image.pk), image.site.slug)]
    (alarm,) = Script(adam).get(f"{address}false_positive").json()["results"]
    assert (alarm["label"], alarm["called_malignant"], alarm["site"]) == ("benign", True, None)


def test_the_errors_come_in_pages(adam: User) -> None:
    evaluation = judging.evaluation(factories.ModelVersionFactory(), judging.some_rows(wrong=5))
    address: str | None = f"{HERE}{evaluation.pk}/pictures/?page_size=2"
    seen, counts = [], []
    while address:
        shown = Script(adam).get(address).json()
        counts.append(shown["count"])
        seen += [one["sha256"] for one in shown["results"]]
        address = shown["next"]
    assert counts == [5, 5, 5]
    assert len(set(seen)) == len(seen) == 5
    for after in ("x", "0", "9" * 30):
        said = Script(adam).get(f"{HERE}{evaluation.pk}/pictures/?after={after}")
        assert (said.status_code, said.json()["code"]) == (400, "bad_cursor"), after


def test_a_side_comes_in_pages_the_worst_first(adam: User) -> None:
    rows = [
        judging.row(str(n) * 64, "pre_b", "benign") | {"malignant": score}
        for n, score in enumerate([0.4, 0.1, 0.3, 0.3, 0.3])
    ]
    evaluation = judging.evaluation(factories.ModelVersionFactory(), rows)
    address: str | None = f"{HERE}{evaluation.pk}/pictures/?side=false_negative&page_size=2"
    pages = []
    while address:
        pages.append(Script(adam).get(address).json())
        address = pages[-1]["next"]
    assert [(one["count"], len(one["results"])) for one in pages] == [(5, 2), (5, 2), (5, 1)]
    seen = [(one["malignant"], one["sha256"][0]) for page in pages for one in page["results"]]
    assert seen == sorted(seen)
    assert [digit for _, digit in seen] == ["1", "2", "3", "4", "0"]


def test_what_is_not_there_is_not_found(tessa: User) -> None:
    assert Script(tessa).get(f"{HERE}{uuid.uuid4()}/").status_code == 404
    assert Script(tessa).get(f"/api/v1/models/{uuid.uuid4()}/evaluations/").status_code == 404

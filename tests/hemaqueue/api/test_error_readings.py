"""Why pictures were named wrongly, through the interface."""

from __future__ import annotations

import pytest

from hemaqueue.accounts.models import User
from hemaqueue.evaluations.models import Evaluation
from tests import factories, judging
from tests.people import Script

HERE = "/api/v1/evaluations/"


@pytest.fixture
def judged() -> Evaluation:
    return judging.evaluation(factories.ModelVersionFactory(), judging.some_rows(wrong=3))


def errors(script: Script, judged: Evaluation, query: str = "") -> dict[str, object]:
    return dict(script.get(f"{HERE}{judged.pk}/pictures/{query}").json())


def test_a_script_says_why_and_reads_it_with_who_and_when(adam: User, judged: Evaluation) -> None:
    script = Script(adam)
    first = errors(script, judged)["results"][0]  # type: ignore[index]
    assert first["readings"] == []
    address = f"{HERE}pictures/{first['id']}/reasons/"
    said = script.post(address, {"reasons": ["borderline", "poor_focus"]})
    assert said.status_code == 201
    assert said.json()["reasons"] == ["poor_focus", "borderline"]
    assert said.json()["by"] == adam.printed_name
    shown = errors(script, judged)
    assert shown["results"][0]["readings"] == [said.json()]  # type: ignore[index]
    assert (shown["count"], shown["reasons"]["none"]) == (3, 2)  # type: ignore[index]
    assert script.post(address, {"reasons": []}).status_code == 201
    history = script.get(address).json()["results"]
    assert [one["reasons"] for one in history] == [[], ["poor_focus", "borderline"]]


def test_the_list_is_asked_for_by_reason(adam: User, judged: Evaluation) -> None:
    script = Script(adam)
    first, second, third = (one["id"] for one in errors(script, judged)["results"])  # type: ignore[attr-defined]
    script.post(f"{HERE}pictures/{second}/reasons/", {"reasons": ["debris"]})
    debris, rest = (errors(script, judged, f"?reason={code}") for code in ("debris", "none"))
    assert [one["id"] for one in debris["results"]] == [second]  # type: ignore[attr-defined]
    assert [one["id"] for one in rest["results"]] == [first, third]  # type: ignore[attr-defined]
    assert (debris["count"], rest["count"]) == (1, 2)
    assert debris["reasons"] == rest["reasons"]
    assert errors(script, judged, "?side=false_positive&reason=debris")["count"] == 1
    wrong = script.get(f"{HERE}{judged.pk}/pictures/?reason=debri")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "reason_unknown")


def test_a_refusal_has_its_code(adam: User, judged: Evaluation) -> None:
    script = Script(adam)
    right = judged.pictures.filter(label="pro_b").first()
    wrong = errors(script, judged)["results"][0]["id"]  # type: ignore[index]

    def code(pk: object, body: dict[str, object]) -> tuple[int, str]:
        said = script.post(f"{HERE}pictures/{pk}/reasons/", body)
        return said.status_code, said.json()["code"]

    assert right is not None
    assert code(right.pk, {"reasons": ["other"]}) == (409, "no_error")
    assert code(wrong, {"reasons": []}) == (422, "reason_required")
    assert code(wrong, {"reasons": ["morphology"]}) == (400, "invalid")
    assert code(wrong, {}) == (400, "invalid")
    script.post(f"{HERE}pictures/{wrong}/reasons/", {"reasons": ["other"]})
    assert code(wrong, {"reasons": ["other"]}) == (409, "reading_unchanged")


def test_it_is_for_who_runs_the_installation(clara: User, adam: User, judged: Evaluation) -> None:
    pk = errors(Script(adam), judged)["results"][0]["id"]  # type: ignore[index]
    address = f"{HERE}pictures/{pk}/reasons/"
    assert Script(clara).post(address, {"reasons": ["other"]}).status_code == 404
    assert Script(clara).get(address).status_code == 404
    assert Script(adam).get(f"{HERE}pictures/{10**12}/reasons/").status_code == 404

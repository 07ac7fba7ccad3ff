"""A picture of a data set is looked at, withdrawn from training with a reason, and put back."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from hemaqueue.accounts.models import User
from hemaqueue.audit.models import AuditEvent
from hemaqueue.common.errors import Missing
from hemaqueue.registry.models import ModelVersion
from hemaqueue.reviews.withdrawing import (
    ImageTeachesAlready,
    ImageTeachesNothing,
    WithdrawalUnexplained,
)
from hemaqueue.training.lessons import Sources
from hemaqueue.training.material import material
from hemaqueue.training.models import Dataset, DatasetImage, TrainingRun
from hemaqueue.training.snapshots import LabelsWithdrawn, require_usable, snapshot_freeze
from hemaqueue.training.withdrawing import picture_teach_again, picture_withdraw
from hemaqueue.training.withdrawn import pictures_withdrawn, withdrawn_count
from tests import factories, judging
from tests.hemaqueue.training.importing import imported, pictures
from tests.people import Script, logged_in

pytestmark = pytest.mark.django_db
WHY = "Two cells, one of them torn."
ONLY_SETS = Sources(confirmed=False, datasets=None)


@pytest.fixture
def dataset(adam: User) -> Dataset:
    names = [f"{one}/{n}.png" for one in ("Benign", "Early") for n in (1, 2)]
    return imported(pictures(*names), by=adam, name="Teaching set")


@pytest.fixture
def one(dataset: Dataset) -> DatasetImage:
    return dataset.images.filter(label="benign").earliest("pk")


def taught() -> set[object]:
    found = material("synthetic", classes=factories.CLASSES, sources=ONLY_SETS).lessons
    return {lesson.imported for lesson in found}


def version_of(snapshot: Any, *, by: User, base: ModelVersion, name: str = "new") -> ModelVersion:
    made: ModelVersion = factories.ModelVersionFactory(name=name, status="candidate")
    TrainingRun.objects.create(
        snapshot=snapshot, base=base, epochs=1, requested_by=by, candidate=made
    )
    return made


def test_what_is_withdrawn_teaches_no_more_until_it_is_put_back(
    dataset: Dataset, one: DatasetImage, adam: User
) -> None:
    assert one.pk in taught()
    picture_withdraw(one, reason=WHY, by=adam)
    assert taught() == set(dataset.images.exclude(pk=one.pk).values_list("pk", flat=True))
    with pytest.raises(ImageTeachesNothing):
        picture_withdraw(one, reason=WHY, by=adam)
    picture_teach_again(one, reason="It is one cell after all.", by=adam)
    assert one.pk in taught()
    with pytest.raises(ImageTeachesAlready):
        picture_teach_again(one, reason=WHY, by=adam)
    said = AuditEvent.objects.filter(action__startswith="picture.", object_id=str(one.pk))
    assert [event.action for event in said] == ["picture.teach", "picture.unteach"]
    assert WHY not in str([event.details for event in said])
    assert [(w.back, w.reason) for w in one.withdrawals.all()][1] == (False, WHY)


def test_it_takes_an_administrator_and_a_reason(one: DatasetImage, clara: User, adam: User) -> None:
    with pytest.raises(Missing):
        picture_withdraw(one, reason=WHY, by=clara)
    for reason in ("", "  ", "x" * 301):
        with pytest.raises(WithdrawalUnexplained):
            picture_withdraw(one, reason=reason, by=adam)
    assert one.pk in taught()


def test_a_snapshot_with_it_is_learned_from_no_more_and_each_version_that_was_lists_it(
    one: DatasetImage, clara: User, adam: User
) -> None:
    serving: ModelVersion = factories.ModelVersionFactory()
    snapshot = snapshot_freeze("synthetic", by=adam, sources=ONLY_SETS)
    first = version_of(snapshot, by=adam, base=serving)
    picture_withdraw(one, reason=WHY, by=adam)
    with pytest.raises(LabelsWithdrawn):
        require_usable(snapshot)
    later = snapshot_freeze("synthetic", by=adam, sources=ONLY_SETS)
    second = version_of(later, by=adam, base=first, name="newer")
    assert list(pictures_withdrawn(first)) == list(pictures_withdrawn(second)) == [one]
    assert withdrawn_count(serving) == 0
    page = reverse("model_withdrawn", args=[first.pk])
    assert "Teaching set" in logged_in(adam).get(page).content.decode()
    hidden = logged_in(clara).get(page).content.decode()
    assert "Teaching set" not in hidden
    assert "1 more, not listed here" in hidden
    (row,) = Script(adam).get(f"/api/v1/models/{first.pk}/withdrawn/").json()["results"]
    assert (row["image"], row["dataset"]) == (str(one.pk), str(one.dataset_id))
    answer = Script(clara).get(f"/api/v1/models/{first.pk}/withdrawn/").json()
    assert (answer["count"], answer["results"]) == (1, [])
    picture_teach_again(one, reason="It is one cell after all.", by=adam)
    require_usable(snapshot)
    assert withdrawn_count(first) == 0


def test_the_pages_list_it_withdraw_it_and_put_it_back(
    dataset: Dataset, one: DatasetImage, adam: User
) -> None:
    browser, page = logged_in(adam), reverse("dataset_picture", args=[one.pk])
    every = reverse("dataset_pictures", args=[dataset.pk])
    assert browser.get(every).content.decode().count("judged-picture") == 4
    assert browser.get(f"{every}?label=benign").content.decode().count("judged-picture") == 2
    assert "There are no pictures here." in browser.get(f"{every}?show=withdrawn").content.decode()
    shown = browser.get(page).content.decode()
    assert "A later model may learn from it as Benign." in shown
    assert "Benign/1.png" in shown or "Benign/2.png" in shown
    for file in ("dataset_picture_file", "dataset_thumbnail"):
        answer = browser.get(reverse(file, args=[one.pk]))
        assert answer.headers["Content-Type"] == "image/jpeg"
    assert browser.post(page, {"scope": "image", "reason": ""}).status_code == 422
    assert browser.post(page, {"scope": "image", "reason": WHY}).status_code == 302
    shown = browser.get(page).content.decode()
    assert "This picture teaches no model." in shown
    assert "withdrew it from training <span" in shown
    assert WHY in shown
    assert browser.post(page, {"scope": "image", "reason": WHY}).status_code == 422
    assert browser.get(f"{every}?show=withdrawn").content.decode().count("judged-picture") == 1
    assert browser.post(page, {"scope": "back", "reason": WHY}).status_code == 302
    assert "put it back into training" in browser.get(page).content.decode()


def test_a_script_reads_the_pictures_page_by_page(dataset: Dataset, adam: User) -> None:
    script, address = Script(adam), f"/api/v1/datasets/{dataset.pk}/pictures/"
    first = script.get(f"{address}?page_size=3").json()
    second = script.get(first["next"]).json()
    found = [row["id"] for row in first["results"] + second["results"]]
    assert found == sorted(found)
    assert len(set(found)) == 4
    assert second["next"] is None
    benign = script.get(f"{address}?label=benign").json()["results"]
    assert {row["label"] for row in benign} == {"benign"}
    assert script.get(f"{address}?label=%00").json()["results"] == []
    for wrong in ("after=no", "withdrawn=perhaps", "class=benign"):
        assert script.get(f"{address}?{wrong}").status_code == 400
    assert script.get(benign[0]["file_url"])["Content-Type"] == "image/jpeg"


def test_a_script_withdraws_and_puts_back(one: DatasetImage, adam: User) -> None:
    script, address = Script(adam), f"/api/v1/datasets/pictures/{one.pk}/"
    assert script.get(address).json()["teaches"] is True
    made = script.post(f"{address}withdrawals/", {"scope": "image", "reason": WHY})
    assert made.status_code == 201, made.content
    assert made.json()["scope"] == "image"
    again = script.post(f"{address}withdrawals/", {"scope": "image", "reason": WHY})
    assert (again.status_code, again.json()["code"]) == (409, "already_withdrawn")
    assert script.get(address).json()["teaches"] is False
    rows = script.get(f"/api/v1/datasets/{one.dataset_id}/pictures/?withdrawn=true").json()
    assert [row["id"] for row in rows["results"]] == [str(one.pk)]
    back = script.post(f"{address}withdrawals/", {"scope": "back", "reason": WHY})
    assert back.json()["scope"] == "back"
    again = script.post(f"{address}withdrawals/", {"scope": "back", "reason": WHY})
    assert (again.status_code, again.json()["code"]) == (409, "not_withdrawn")
    told = script.get(f"{address}withdrawals/").json()["results"]
    assert [row["scope"] for row in told] == ["back", "image"]


def test_the_cells_of_a_matrix_open_pictures_of_data_sets(
    one: DatasetImage, clara: User, adam: User
) -> None:
    version: ModelVersion = factories.ModelVersionFactory()
    judged = judging.evaluation(version, [judging.row(one.sha256, "benign", "pre_b")])
    page = reverse("evaluation_pictures", args=[judged.pk]) + "?label=benign&named=pre_b"
    shown = logged_in(adam).get(page).content.decode()
    assert reverse("dataset_picture", args=[one.pk]) in shown
    heat = reverse("evaluated_heatmap", args=[judged.pictures.get().pk])
    assert heat in shown
    assert logged_in(adam).get(heat)["Content-Type"] == "image/png"
    assert (
        reverse("dataset_picture", args=[one.pk]) not in logged_in(clara).get(page).content.decode()
    )
    assert logged_in(clara).get(heat).status_code == 404
    row = Script(adam).get(f"/api/v1/evaluations/{judged.pk}/pictures/").json()["results"][0]
    assert (row["image"], row["imported"]) == (None, str(one.pk))

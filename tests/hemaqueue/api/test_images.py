"""Reading images: facts, state, result, files, history."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import cv2
import numpy as np
import pytest
from django.utils import timezone

from hemaqueue.accounts.models import User
from hemaqueue.jobs.models import WorkerPresence
from hemaqueue.specimens.models import SmearImage
from jobcontract import storage
from tests import factories
from tests.people import Script

pytestmark = pytest.mark.django_db


@pytest.fixture
def script(tessa: User) -> Script:
    return Script(tessa)


def read(script: Script, image: SmearImage) -> dict[str, Any]:
    answer = script.get(f"/api/v1/images/{image.pk}/")
    assert answer.status_code == 200
    return dict(answer.json())


def test_a_result_has_everything_a_script_needs(script: Script) -> None:
    image = factories.image()
    factories.prediction(image, flags=("uncertain",))
    said = read(script, image)["prediction"]
    assert said["label"] == "early_pre_b"
    assert said["name"] == "Early Pre-B"
    assert said["confidence"] == said["scores"]["early_pre_b"] == 0.91
    assert sum(said["scores"].values()) == pytest.approx(1)
    assert said["band"] == "high"
    assert said["flags"] == ["uncertain"]
    assert said["model_version"]["name"] == "smearnet-synthetic-1"
    assert said["heatmap"] == f"/api/v1/images/{image.pk}/heatmap/"
    assert "haematologist confirms" in said["intended_use"]


def test_a_result_has_its_scores_before_calibration_too(script: Script) -> None:
    image = factories.image()
    factories.prediction(image, scores={"pro_b": 0.9, "benign": 0.1})  # temperature 1.3
    said = read(script, image)["prediction"]
    whole = 0.9**1.3 + 0.1**1.3
    raw = said["scores_uncalibrated"]
    assert raw == pytest.approx({"pro_b": 0.9**1.3 / whole, "benign": 0.1**1.3 / whole})
    assert said["scores"]["pro_b"] == said["confidence"] == 0.9


def test_a_version_without_a_temperature_has_no_scores_before_it(script: Script) -> None:
    image = factories.image()
    model = factories.prediction(image).model
    model.facts = {name: said for name, said in model.facts.items() if name != "temperature"}
    model.save()
    assert read(script, image)["prediction"]["scores_uncalibrated"] is None


@pytest.mark.parametrize(
    ("state", "seen"),
    [("queued", "waiting"), ("sent", "waiting"), ("running", "working"), ("failed", "failed"),
     ("dead", "failed"), ("cancelled", "cancelled")],
)  # fmt: skip
def test_what_people_see_follows_from_the_job(script: Script, state: str, seen: str) -> None:
    WorkerPresence.objects.create(name="w", queues=["inference"])
    image = factories.image()
    factories.job(about=image, state=state)
    assert read(script, image)["state"] == seen


def test_without_a_worker_waiting_work_is_paused(script: Script) -> None:
    image = factories.image()
    factories.job(about=image)
    assert read(script, image)["state"] == "paused"
    assert script.get("/api/v1/images/").json()["results"][0]["state"] == "paused"
    case = script.get(f"/api/v1/cases/{image.case_id}/").json()
    assert case["images"][0]["state"] == "paused"


def test_a_failure_has_its_code_and_its_sentence(script: Script) -> None:
    image = factories.image()
    factories.job(about=image, state="failed", error_code="corrupt_image", error_detail="No.")
    error = read(script, image)["error"]
    assert (error["code"], error["message"], error["retryable"]) == ("corrupt_image", "No.", True)


def test_a_withdrawn_image_leaves_the_lists_and_stays_readable(script: Script) -> None:
    image = factories.image()
    assert script.post(f"/api/v1/images/{image.pk}/withdraw/").json()["state"] == "withdrawn"
    assert script.get("/api/v1/images/").json()["results"] == []
    assert read(script, image)["state"] == "withdrawn"


@pytest.mark.parametrize(("what", "side"), [("picture", 240), ("thumbnail", 208), ("heatmap", 240)])
def test_files_are_jpegs_that_no_browser_keeps(script: Script, what: str, side: int) -> None:
    image = factories.image()
    factories.prediction(image)
    answer = script.get(f"/api/v1/images/{image.pk}/{what}/", headers={"Accept": "image/jpeg"})
    pixels = cv2.imdecode(np.frombuffer(answer.content, np.uint8), cv2.IMREAD_COLOR)
    assert pixels is not None
    assert pixels.shape[1] == side
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"].startswith(f'inline; filename="{image.pk}')


def test_the_original_is_a_download_byte_for_byte(clara: User) -> None:
    image = factories.image(seed=5)
    answer = Script(clara).get(f"/api/v1/images/{image.pk}/original/")
    assert answer.content == factories.picture_file(5)
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("query", ["?label=pro_b", "?label=\0", "?method=occlusion"])
def test_a_heatmap_that_nobody_drew_is_missing(script: Script, query: str) -> None:
    image = factories.image()
    factories.prediction(image)
    assert script.get(f"/api/v1/images/{image.pk}/heatmap/{query}").status_code == 404


def test_a_damaged_file_gives_no_pixels(script: Script) -> None:
    image = factories.image()
    stored = bytearray(storage.read(image.preview_key))
    stored[-20] ^= 1
    storage.write(image.preview_key, bytes(stored))
    answer = script.get(f"/api/v1/images/{image.pk}/picture/")
    assert (answer.status_code, answer.json()["code"]) == (500, "blob_corrupt")


def found(script: Script, **asked: Any) -> list[str]:
    answer = script.get("/api/v1/images/", data=asked)
    assert answer.status_code == 200, answer.content
    return [one["id"] for one in answer.json()["results"]]


def test_pages_follow_one_another_without_gaps(script: Script) -> None:
    made = [str(factories.image().pk) for _ in range(7)]
    same = timezone.now()
    SmearImage.objects.update(uploaded_at=same)
    seen: list[str] = []
    address: str | None = "/api/v1/images/?page_size=3"
    while address:
        page = script.get(address).json()
        seen += [one["id"] for one in page["results"]]
        address = page["next"]
    assert sorted(seen) == sorted(made)
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize(("size", "status"), [("1e9", 400), ("-1", 400), ("many", 400), ("", 200),
                                              ("1000000000", 200), ("0", 200)])  # fmt: skip
def test_page_sizes_are_clamped_or_refused(script: Script, size: str, status: int) -> None:
    answer = script.get("/api/v1/images/", data={"page_size": size})
    assert answer.status_code == status


@pytest.mark.parametrize("cursor", ["x", "e30", "WzEsMl0", "ää", "W10" * 900, "bnVsbA", "\0"])
def test_made_up_cursors_are_refused(script: Script, cursor: str) -> None:
    answer = script.get("/api/v1/images/", data={"cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")


def test_the_history_is_searched_by_what_people_know(script: Script) -> None:
    case = factories.CaseFactory(accession="BM-77")
    batch = factories.BatchFactory()
    image = factories.image(case=case, batch=batch, quality_flags=["out_of_focus"])
    other = factories.image()
    version = factories.prediction(image).model
    factories.job(about=other, state="failed")
    now = timezone.now()
    only = [str(image.pk)]
    assert found(script, accession="bm-77") == only
    assert found(script, batch=batch.pk) == only
    assert found(script, case=case.pk) == only
    assert found(script, label="early_pre_b") == only
    assert found(script, flag="out_of_focus") == only
    assert found(script, model=version.name) == found(script, model=version.pk) == only
    assert found(script, status="done") == only
    assert found(script, status="failed") == [str(other.pk)]
    assert found(script, uploaded_after=(now + timedelta(days=1)).isoformat()) == []
    assert len(found(script, date=now.date())) == len(found(script, site="demo")) == 2


HOSTILE = ["' OR 1=1 --", '"; DROP TABLE x; --', "{{7*7}}", "*)(uid=*", "%00", "\ud7ff", "x" * 5000]


@pytest.mark.parametrize("name", ["site", "label", "flag", "accession", "model"])
@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_searches_find_nothing(script: Script, name: str, value: str) -> None:
    factories.prediction(factories.image())
    assert found(script, **{name: value}) == []


@pytest.mark.parametrize(
    "asked",
    [{"date": "2026-02-31"}, {"date": "10000-01-01"}, {"uploaded_after": "soon"},
     {"batch": "42"}, {"status": "odd"}, {"label": "a\0b"}, {"site": "\0"}],
)  # fmt: skip
def test_searches_that_mean_nothing_are_refused(script: Script, asked: dict[str, str]) -> None:
    answer = script.get("/api/v1/images/", data=asked)
    assert answer.status_code == 400
    assert [one["field"] for one in answer.json()["errors"]] == list(asked)


def test_a_list_asks_the_database_no_more_for_many_than_for_few(
    script: Script, django_assert_max_num_queries: Any
) -> None:
    for _ in range(8):
        factories.prediction(factories.image())
    with django_assert_max_num_queries(16):
        script.get("/api/v1/images/")

"""The pages of data sets, snapshots and the test set: every act without a script."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hemaqueue.jobs.models import Job
from hemaqueue.jobs.states import JobState
from hemaqueue.registry.models import ModelVersion
from hemaqueue.specimens.archives import FOLDER
from hemaqueue.training.models import Dataset, DatasetSnapshot, FrozenImage
from jobcontract import storage
from tests import factories
from tests.archives import with_link, zipped
from tests.hemaqueue.training.confirming import confirm_enough
from tests.hemaqueue.training.importing import imported, looked_over, pictures

INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", re.IGNORECASE)


@pytest.fixture(autouse=True)
def serving(db: None) -> ModelVersion:
    return factories.ModelVersionFactory()


def send(adam: Client, data: bytes, **more: str) -> str:
    file = SimpleUploadedFile("set.zip", data, "application/zip")
    given = {"name": "Hospital set", "kind": "synthetic", "file": file} | more
    return adam.post(reverse("dataset_zip"), given, follow=True).content.decode()


def test_a_zip_is_looked_over_before_anything_is_imported(adam: Client) -> None:
    files = {"Benign/a.png": b"x", "Mystery/b.png": b"x", "loose.png": b"x"}
    shown = send(adam, zipped(files), source="A hospital, CC BY 4.0")
    for words in ("Hospital set", "looked over", "Mystery", "no_class", "Import it", "CC BY 4.0"):
        assert words in shown, words
    assert '<option value="benign" selected>' in shown
    assert not INLINE.findall(shown)


def test_the_aliases_are_chosen_and_the_import_is_watched(adam: Client) -> None:
    send(adam, zipped({"Benign/a.png": b"x", "Mystery/b.png": b"x"}))
    dataset = Dataset.objects.get()
    answer = adam.post(
        reverse("dataset_import", args=[dataset.pk]),
        {"name0": "benign", "name1": "pro_b"},
        follow=True,
    )
    shown = answer.content.decode()
    dataset.refresh_from_db()
    assert dataset.names == {"Benign": "benign", "Mystery": "pro_b"}
    assert "The pictures are being imported." in shown
    assert 'hx-trigger="every 2s"' in shown
    assert "Import it" not in shown


def test_an_import_that_was_given_up_is_tried_again_with_its_names(adam: Client) -> None:
    send(adam, zipped({"Benign/a.png": b"x"}))
    dataset = Dataset.objects.get()
    again = reverse("dataset_import", args=[dataset.pk])
    adam.post(again, {"name0": "pro_b"})
    page = reverse("dataset", args=[dataset.pk])
    assert "Try again" not in adam.get(page).content.decode()
    Job.objects.filter(subject=dataset.pk).update(
        state=JobState.DEAD, finished_at=timezone.now(), error_code="storage_full",
        error_detail="The disk is full.",
    )  # fmt: skip
    shown = adam.get(page).content.decode()
    assert "The disk is full." in shown
    assert "It goes on with what was not taken yet." in shown
    assert 'hx-trigger="every 2s"' in adam.post(again, follow=True).content.decode()
    dataset.refresh_from_db()
    assert dataset.names == {"Benign": "pro_b"}
    assert Job.objects.get(subject=dataset.pk).state == JobState.QUEUED


def test_a_snapshot_of_nothing_is_refused_on_its_page(adam: Client) -> None:
    shown = adam.get(reverse("snapshots")).content.decode()
    assert "Each run freezes one of what is confirmed then" in shown
    given = {"kind": "synthetic", "sources": ["confirmed"]}
    refused = adam.post(reverse("snapshots"), given)
    assert refused.status_code == 422
    said = refused.content.decode()
    assert "There is nothing to learn from" in said
    assert '<details class="fold" open><summary>Freeze a snapshot' in said


def test_a_set_is_thrown_away_with_its_archive(
    adam: Client, django_capture_on_commit_callbacks: Any
) -> None:
    send(adam, zipped({"Benign/a.png": b"x"}))
    dataset = Dataset.objects.get()
    assert list(storage.keys(f"{FOLDER}/{dataset.pk.hex}"))
    with django_capture_on_commit_callbacks(execute=True):
        answer = adam.post(reverse("dataset_discard", args=[dataset.pk]), follow=True)
    shown = answer.content.decode()
    assert "thrown away" in shown
    assert not list(storage.keys(f"{FOLDER}/{dataset.pk.hex}"))
    assert "Hospital set" not in shown


@pytest.mark.parametrize("data", [b"no zip", with_link(), zipped({"README.txt": b"x"})])
def test_what_cannot_be_a_set_is_refused_in_words_and_kept_nowhere(
    adam: Client, data: bytes
) -> None:
    before = set(storage.keys(FOLDER))
    shown = send(adam, data)
    assert (
        "(unsupported_archive)" in shown or "(unsafe_archive)" in shown or "(no_pictures)" in shown
    )
    assert not Dataset.objects.exists()
    assert set(storage.keys(FOLDER)) == before


def test_an_imported_set_shows_what_came_and_what_did_not(adam: Client) -> None:
    files = pictures("Benign/a.png", "Pro/b.png") | {"Benign/c.png": b"%PDF"}
    dataset = imported(files, by=factories.adam())
    shown = adam.get(reverse("dataset", args=[dataset.pk])).content.decode()
    for words in ("Pictures imported", "Benign/c.png", "Groups that no split may part"):
        assert words in shown, words
    listed = adam.get(reverse("datasets")).content.decode()
    assert "imported" in listed


def test_labels_are_frozen_compared_and_taken_away(adam: Client) -> None:
    confirm_enough(by=factories.clara())
    given = {"kind": "synthetic", "sources": ["confirmed"]}
    shown = adam.post(reverse("snapshots"), given, follow=True).content.decode()
    for words in ("frozen.", "held out", "SHA-256 of the manifest", "No. 1", "By patient, subject"):
        assert words in shown, words
    adam.post(reverse("snapshots"), given)
    newer, older = DatasetSnapshot.objects.order_by("-made_at")
    compared = adam.get(reverse("snapshot_diff"), {"older": older.pk, "newer": newer.pk})
    assert "They hold the same." in compared.content.decode()
    answer = adam.post(reverse("snapshot", args=[newer.pk]), {"format": "coco"}, follow=True)
    assert "Snapshot with its pictures" in answer.content.decode()


def test_where_no_patient_is_known_the_split_is_called_optimistic(adam: Client) -> None:
    dataset = imported(pictures("Benign/a.png", "Pro/b.png"), by=factories.adam())
    given = {"kind": "synthetic", "sources": [str(dataset.pk)]}
    shown = adam.post(reverse("snapshots"), given, follow=True).content.decode()
    assert "figures are optimistic: no patient, subject or case is known of 2 of 2" in shown
    assert "By patient, subject or case" not in shown
    grown = given | {"percent": "100", "reason": "To judge on."}
    listed = adam.post(reverse("frozen_test"), grown, follow=True).content.decode()
    assert "No patient, subject or case is known of 2 of 2 images" in listed


def test_the_test_set_grows_with_a_reason(adam: Client) -> None:
    confirm_enough(by=factories.clara(), per_class=4)
    given = {"kind": "synthetic", "sources": ["confirmed"], "percent": "50", "reason": ""}
    assert adam.post(reverse("frozen_test"), given).status_code == 422
    given["reason"] = "To judge the next version on."
    shown = adam.post(reverse("frozen_test"), given, follow=True).content.decode()
    assert "To judge the next version on." in shown
    assert "optimistic" not in shown, "every image has a case"
    assert FrozenImage.objects.count() == 8
    everything = given | {"percent": "100", "reason": "All of it."}
    adam.post(reverse("frozen_test"), everything)
    refused = adam.post(reverse("frozen_test"), everything)
    assert refused.status_code == 422
    assert 'value="All of it."' in refused.content.decode(), "what was written stays in its form"
    assert not INLINE.findall(shown)


def test_a_snapshot_may_be_chosen_for_a_network_from_nothing(adam: Client) -> None:
    looked_over(by=factories.adam())
    confirm_enough(by=factories.clara())
    adam.post(reverse("snapshots"), {"kind": "synthetic", "sources": ["confirmed"]})
    shown = adam.get(reverse("training")).content.decode()
    assert "cnn4, from nothing" in shown
    assert DatasetSnapshot.objects.get().digest[:8] in shown

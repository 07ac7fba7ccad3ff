"""The browser's door: one file per request for the script, the whole form without it."""

from __future__ import annotations

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from hemaqueue.accounts.models import Site
from hemaqueue.jobs.models import Job
from hemaqueue.specimens.models import Batch, Case, RefusedFile, SmearImage
from tests import factories


@pytest.fixture(autouse=True)
def model(db: None) -> None:
    factories.ModelVersionFactory()


def context(**more: str) -> dict[str, object]:
    site = factories.SiteFactory()
    base = {"site": str(site.pk), "specimen": "marrow", "stain": "Giemsa", "kind": "synthetic"}
    return base | more


def file(
    seed: int = 1, *, name: str = "field.png", data: bytes | None = None
) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data or factories.picture_file(seed), "image/png")


def test_one_file_leads_to_its_result_page(tessa: Client) -> None:
    body = context(accession="BM-1") | {"files": [file()]}
    answer = tessa.post(reverse("upload"), body)
    image = SmearImage.objects.get()
    assert answer["Location"] == reverse("image", args=[image.pk])
    assert image.case.accession == "BM-1"
    assert image.batch is None
    assert Job.objects.filter(subject=image.pk).exists()


def test_many_files_lead_to_one_batch_and_one_summary(tessa: Client) -> None:
    files = [file(1), file(2), file(name="letter.png", data=b"%PDF-1.4 hello")]
    answer = tessa.post(reverse("upload"), context() | {"files": files}, follow=True)
    shown = answer.content.decode()
    assert Batch.objects.get().images.count() == 2
    assert "2 images received." in shown
    assert "1 file refused." in shown
    assert "letter.png" in shown
    assert "Send JPEG, PNG or TIFF." in shown


def test_a_refused_file_has_a_sentence_and_a_code(tessa: Client) -> None:
    bad = file(name="letter.png", data=b"%PDF-1.4 hello")
    answer = tessa.post(reverse("upload_file"), context() | {"file": bad})
    assert answer.status_code == 422
    assert answer["X-Row"] == "refused"
    shown = answer.content.decode()
    assert "unsupported_type" in shown
    assert "Send JPEG, PNG or TIFF." in shown
    assert not SmearImage.objects.exists()


def test_the_script_opens_a_batch_and_sends_file_by_file(tessa: Client) -> None:
    opened = tessa.post(reverse("batch_open"), context()).json()
    assert opened["accession"] == Case.objects.get().accession
    answer = tessa.post(opened["files"], context(accession=opened["accession"]) | {"file": file()})
    assert answer["X-Row"] == "accepted"
    assert Batch.objects.get().images.get().case.accession == opened["accession"]


def test_a_checksum_that_does_not_hold_is_refused(tessa: Client) -> None:
    digest = hashlib.sha256(factories.picture_file(1)).hexdigest()
    right = tessa.post(
        reverse("upload_file"), context() | {"file": file()}, headers={"Content-SHA256": digest}
    )
    assert right["X-Row"] == "accepted"
    wrong = tessa.post(
        reverse("upload_file"), context() | {"file": file(2)}, headers={"Content-SHA256": digest}
    )
    assert wrong.status_code == 422
    assert "checksum_mismatch" in wrong.content.decode()


def test_the_same_picture_twice_leads_to_the_first(tessa: Client) -> None:
    tessa.post(reverse("upload_file"), context() | {"file": file()})
    answer = tessa.post(reverse("upload_file"), context() | {"file": file(name="again.png")})
    shown = answer.content.decode()
    image = SmearImage.objects.get()
    assert answer["X-Row"] == "duplicate"
    assert "again.png" in shown
    assert "The same picture is here already, in case" in shown
    assert image.case.accession in shown
    assert reverse("image", args=[image.pk]) in shown


def test_a_site_of_somebody_else_is_no_choice(tessa: Client) -> None:
    factories.otto()
    other = Site.objects.get(slug="elsewhere")
    answer = tessa.post(reverse("upload_file"), context() | {"site": str(other.pk), "file": file()})
    assert answer.status_code == 422
    assert not SmearImage.objects.exists()


def test_no_file_is_told_beside_the_drop_zone(tessa: Client) -> None:
    answer = tessa.post(reverse("upload"), context())
    assert answer.status_code == 422
    assert "Choose at least one image." in answer.content.decode()


def test_a_missing_stain_is_told_beside_its_field(tessa: Client) -> None:
    answer = tessa.post(reverse("batch_open"), context(stain=""))
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()


def test_files_can_join_a_batch_later(tessa: Client) -> None:
    batch = factories.BatchFactory()
    image = factories.image(batch=batch)
    shown = tessa.get(reverse("batch_add", args=[batch.pk])).content.decode()
    assert reverse("batch_file", args=[batch.pk]) in shown
    assert image.case.accession in shown
    answer = tessa.post(reverse("batch_file", args=[batch.pk]), context() | {"file": file(77)})
    assert answer["X-Row"] == "accepted"
    assert batch.images.count() == 2


def test_what_was_refused_stays_with_the_batch(tessa: Client) -> None:
    batch = factories.BatchFactory()
    bad = file(name="half.png", data=factories.picture_file()[:200])
    tessa.post(reverse("batch_file", args=[batch.pk]), context() | {"file": bad})
    refused = RefusedFile.objects.get(batch=batch)
    assert (refused.code, refused.filename) == ("corrupt_image", "half.png")


def test_every_file_of_a_plain_form_is_accounted_for(tessa: Client) -> None:
    tessa.post(reverse("upload_file"), context() | {"file": file()})
    letter = file(name="letter.png", data=b"%PDF-1.4 hello")
    files = [file(2), file(name="again.png"), letter]
    shown = tessa.post(reverse("upload"), context() | {"files": files}, follow=True)
    for words in ("1 image received.", "1 image is here already.", "1 file refused."):
        assert words in shown.content.decode()


def test_nothing_received_is_not_told_as_received(tessa: Client) -> None:
    files = [file(name=f"{n}.png", data=b"%PDF-1.4 hello") for n in range(2)]
    shown = tessa.post(reverse("upload"), context() | {"files": files}, follow=True)
    assert "received." not in shown.content.decode()
    assert "2 files refused." in shown.content.decode()


def test_the_same_file_sent_again_to_its_batch_is_counted_once(tessa: Client) -> None:
    address = reverse("batch_file", args=[factories.BatchFactory().pk])
    for name in ("one.png", "one.png", "two.png", "two.png"):
        tessa.post(address, context() | {"file": file(name=name)})
    assert [one.filename for one in RefusedFile.objects.all()] == ["two.png"]

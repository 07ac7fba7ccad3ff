"""The bench by browser: ZIP, manifest, held pictures, groups of failures, resuming, notices."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from hemaqueue.jobs.models import Job
from hemaqueue.notices.models import NoticeKind
from hemaqueue.notices.services import notice_give
from hemaqueue.pipeline.endings import batches_end
from hemaqueue.reviews.models import Return
from hemaqueue.specimens.batches import file_refused
from hemaqueue.specimens.models import Batch, Case, SmearImage
from tests import factories
from tests.archives import zipped
from tests.pictures import blank_file, picture_file


@pytest.fixture(autouse=True)
def model(db: None) -> None:
    factories.ModelVersionFactory()


def context(**more: Any) -> dict[str, Any]:
    site = factories.SiteFactory()
    base = {"site": str(site.pk), "specimen": "marrow", "stain": "Giemsa", "kind": "synthetic"}
    return base | more


def file(data: bytes, name: str = "field.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def page_of(client: Client, name: str, *args: Any) -> str:
    return client.get(reverse(name, args=args)).content.decode()


def test_a_zip_leads_to_its_batch(tessa: Client) -> None:
    data = zipped({"a.png": picture_file(1), "b.png": picture_file(2)})
    answer = tessa.post(reverse("upload_zip"), context(file=file(data, "tray.zip")), follow=True)
    shown = answer.content.decode()
    assert "unpacking" in shown
    assert "0 of 2 files" in shown
    assert Job.objects.get().work == "intake.unpack_archive"


def test_a_bad_zip_says_why_and_opens_nothing(tessa: Client) -> None:
    data = zipped({"../a.png": b"x"})
    answer = tessa.post(reverse("upload_zip"), context(file=file(data, "tray.zip")))
    assert answer.status_code == 422
    assert "unsafe_archive" in answer.content.decode()
    assert not Batch.objects.exists()


def test_a_zip_without_its_token_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.tessa(), backend="django.contrib.auth.backends.ModelBackend")
    data = zipped({"a.png": picture_file(1)})
    answer = client.post(reverse("upload_zip"), context(file=file(data, "tray.zip")))
    assert answer.status_code == 403
    assert not Batch.objects.exists()


def test_a_manifest_of_a_plain_form_gives_each_file_its_case(tessa: Client) -> None:
    manifest = file(b"filename,accession\na.png,BM-1\nb.png,BM-2\n", "manifest.csv")
    files = [file(picture_file(1), "a.png"), file(picture_file(2), "b.png")]
    tessa.post(reverse("upload"), context(files=files, manifest=manifest))
    cases = {image.filename: image.case.accession for image in SmearImage.objects.all()}
    assert cases == {"a.png": "BM-1", "b.png": "BM-2"}


def test_a_manifest_that_does_not_fit_saves_nothing(tessa: Client) -> None:
    manifest = file(b"filename,specimen\na.png,liver\nc.png,blood\n", "manifest.csv")
    files = [file(picture_file(1), "a.png"), file(picture_file(2), "b.png")]
    answer = tessa.post(reverse("upload"), context(files=files, manifest=manifest))
    shown = answer.content.decode()
    assert answer.status_code == 422
    for code in ("unknown_specimen", "row_without_file", "file_without_row"):
        assert code in shown, code
    assert not SmearImage.objects.exists()
    assert not Case.objects.exists()


def test_the_dry_run_lists_what_is_wrong(tessa: Client) -> None:
    manifest = file(b"filename;accession\na.png;BM-1\nb.png;=1+1\n", "manifest.csv")
    answer = tessa.post(reverse("manifest"), {"manifest": manifest, "names": "a.png\nc.png"})
    shown = answer.content.decode()
    for words in ("formula", "row_without_file", "c.png", "BM-1"):
        assert words in shown, words
    assert not Case.objects.exists()


def test_the_script_gets_the_rows_of_a_manifest(tessa: Client) -> None:
    manifest = file(b"filename,accession,urgent\na.png,BM-1,yes\n", "manifest.csv")
    said = tessa.post(
        reverse("manifest"), {"manifest": manifest, "names": "a.png"}, headers={"HX-Request": "1"}
    ).json()
    assert said["clean"] is True
    assert said["rows"] == {"a.png": {"accession": "BM-1", "urgent": "yes"}}


def test_the_template_is_a_manifest_without_rows(tessa: Client) -> None:
    answer = tessa.get(reverse("manifest_template"))
    assert answer.content.decode("utf-8-sig").startswith("filename,accession,patient")
    assert "attachment" in answer["Content-Disposition"]


def test_a_poor_picture_asks_its_sender(tessa: Client, clara: Client) -> None:
    batch = factories.BatchFactory()
    answer = tessa.post(reverse("batch_file", args=[batch.pk]), context(file=file(blank_file())))
    assert answer["X-Row"] == "held"
    assert "Send anyway" in answer.content.decode()
    assert not Job.objects.exists()
    shown = page_of(tessa, "batch", batch.pk)
    assert "1 poor picture is held." in shown
    assert "Send all anyway" in shown
    assert "Send all anyway" not in page_of(clara, "batch", batch.pk)
    image = SmearImage.objects.get()
    assert "Held: this picture is poor." in page_of(tessa, "image", image.pk)


@pytest.mark.parametrize(("act", "words"), [
    ("send", "1 held image is worked on."), ("withdraw", "1 image was taken back."),
])  # fmt: skip
@pytest.mark.parametrize("route", ["image_choose", "batch_held"])
def test_a_held_picture_is_sent_or_taken_back(
    tessa: Client, act: str, words: str, route: str
) -> None:
    batch = factories.BatchFactory()
    tessa.post(reverse("batch_file", args=[batch.pk]), context(file=file(blank_file())))
    image = SmearImage.objects.get()
    about = image if route == "image_choose" else batch
    answer = tessa.post(reverse(route, args=[about.pk]), {"act": act}, follow=True)
    assert words in answer.content.decode()
    assert Job.objects.count() == (1 if act == "send" else 0)


def test_a_row_is_chosen_about_in_place(tessa: Client) -> None:
    tessa.post(reverse("upload_file"), context(file=file(blank_file())))
    image = SmearImage.objects.get()
    answer = tessa.post(
        reverse("image_choose", args=[image.pk]), {"act": "withdraw"}, headers={"HX-Request": "1"}
    )
    assert "taken back" in answer.content.decode()
    assert f"image-{image.pk}" in answer.content.decode()


def test_failures_stand_together_by_cause_with_one_act(tessa: Client) -> None:
    batch = factories.BatchFactory()
    for code in ("corrupt_image", "corrupt_image", "worker_lost"):
        about = factories.image(batch=batch)
        factories.job(about=about, state="failed", error_code=code, error_detail="It stopped.")
    shown = page_of(tessa, "batch", batch.pk)
    assert "2 files" in shown
    assert "Export the picture again" in shown
    tessa.post(reverse("batch_retry", args=[batch.pk]), {"code": "worker_lost"})
    tessa.post(reverse("batch_withdraw", args=[batch.pk]), {"code": "corrupt_image"})
    after = page_of(tessa, "batch", batch.pk)
    assert "2 withdrawn" in after
    assert "1 waiting" in after


def test_cancelled_work_has_a_chip_of_its_own(tessa: Client) -> None:
    batch = factories.BatchFactory()
    factories.job(about=factories.image(batch=batch), state="cancelled")
    assert "1 cancelled" in page_of(tessa, "batch", batch.pk)


def test_a_page_learns_what_a_batch_has(tessa: Client) -> None:
    batch = factories.BatchFactory()
    body = context(file=file(picture_file(5), "x.png"), path="tray 1/x.png", expected="9")
    tessa.post(reverse("batch_file", args=[batch.pk]), body)
    file_refused(batch, name="bad.png", code="corrupt_image", detail="")
    said = tessa.get(reverse("batch_here", args=[batch.pk])).json()
    digest = hashlib.sha256(picture_file(5)).hexdigest()
    known = ["tray 1/x.png", len(picture_file(5)), digest]
    assert said["files"] == [known, ["bad.png", None, None]]
    assert "2 of 9 files" in page_of(tessa, "batch", batch.pk)
    assert "7 files did not arrive." in page_of(tessa, "batch", batch.pk)
    assert "7 files did not arrive." in page_of(tessa, "upload")


def test_the_case_of_a_duplicate_can_get_the_picture_too(tessa: Client) -> None:
    here = factories.image(seed=66)
    batch = factories.BatchFactory()
    case = factories.CaseFactory(accession="BM-9")
    body = context(accession="BM-9", file=file(picture_file(66), "again.png"))
    tessa.post(reverse("batch_file", args=[batch.pk]), body)
    assert "Attach to BM-9 too" in page_of(tessa, "batch", batch.pk)
    tessa.post(reverse("case_attach", args=[case.pk]), {"image": str(here.pk)})
    assert "Attach to BM-9 too" not in page_of(tessa, "batch", batch.pk)
    assert "Pictures of other cases" in page_of(tessa, "case", case.pk)


def test_what_was_sent_last_from_a_site_is_preset(tessa: Client) -> None:
    tessa.post(reverse("upload_file"), context(file=file(picture_file(3)), stain="Pappenheim"))
    assert 'value="Pappenheim"' in page_of(tessa, "upload")


def test_the_end_of_a_batch_rings_once(tessa: Client) -> None:
    batch = factories.BatchFactory(expected=1)
    factories.prediction(factories.image(batch=batch))
    assert batches_end() == 1
    assert "1 new notice" in page_of(tessa, "upload")
    shown = page_of(tessa, "notices")
    assert "Tuesday morning has ended." in shown
    assert "1 done" in shown
    assert reverse("batch", args=[batch.pk]) in shown
    assert "1 new notice" not in page_of(tessa, "upload")


def test_a_notice_about_what_may_not_be_seen_names_nothing(tessa: Client) -> None:
    foreign = factories.BatchFactory(site=factories.SiteFactory(slug="elsewhere"), name="Secret")
    notice_give(to=factories.tessa(), kind=NoticeKind.BATCH_ENDED, subject=foreign.pk)
    shown = page_of(tessa, "notices")
    assert "Secret" not in shown
    assert str(foreign.pk) not in shown


def test_returned_work_stands_on_top_with_its_note(tessa: Client) -> None:
    image = factories.image()
    clara = factories.clara()
    Return.objects.create(image=image, by=clara, reason="poor_focus", note="Edges are soft.")
    shown = page_of(tessa, "home")
    assert "Returned to you" in shown
    assert "Edges are soft." in shown

"""How large a pixel is: said at every door, kept with the image, shown as a bar and on paper."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from hemaqueue.accounts.models import Site
from hemaqueue.audit.models import AuditEvent
from hemaqueue.common.errors import NotAllowed
from hemaqueue.pipeline.archives import archive_judge, archive_submitted, archive_unpack
from hemaqueue.reports.gathering import report_content
from hemaqueue.specimens.archives import ArchiveWriter
from hemaqueue.specimens.manifests import manifest_read
from hemaqueue.specimens.models import SmearImage
from hemaqueue.specimens.scale import ScaleRefused, site_scale_set
from hemaqueue.specimens.services import CaseContext
from tests import factories
from tests.archives import zipped
from tests.people import Script, logged_in

NONSENSE = ["0", "-0.1", "0.001", "11", "nan", "inf", "six", "1e400"]


@pytest.fixture(autouse=True)
def model(db: None) -> None:
    factories.ModelVersionFactory()


def sent(client: Client, *, said: str) -> Any:
    file = SimpleUploadedFile("field.png", factories.picture_file(), "image/png")
    site = str(factories.SiteFactory().pk)
    facts = {"site": site, "specimen": "marrow", "stain": "Giemsa", "kind": "synthetic"}
    body = facts | {"microns_per_pixel": said, "file": file}
    return client.post(reverse("upload_file"), body)


@pytest.mark.parametrize("said", ["0.065", "0,065", " 0.065 "])
def test_what_a_sender_says_is_kept_and_drawn_as_a_bar(said: str) -> None:
    client = logged_in(factories.tessa())
    assert sent(client, said=said).status_code == 200
    image = SmearImage.objects.get()
    assert image.microns_per_pixel == 0.065
    page = client.get(reverse("image", args=[image.pk]), headers={"Accept-Language": "fr"})
    assert 'data-microns="0.065"' in page.content.decode()


def test_without_a_word_the_sites_own_scale_is_kept() -> None:
    Site.objects.filter(pk=factories.SiteFactory().pk).update(default_microns_per_pixel=0.1)
    sent(logged_in(factories.tessa()), said="")
    assert SmearImage.objects.get().microns_per_pixel == 0.1


def test_where_nobody_knows_no_bar_is_drawn() -> None:
    client = logged_in(factories.tessa())
    sent(client, said="")
    image = SmearImage.objects.get()
    page = client.get(reverse("image", args=[image.pk])).content.decode()
    assert (image.microns_per_pixel, "data-microns" in page) == (None, False)


@pytest.mark.parametrize("said", NONSENSE)
def test_nonsense_is_refused_by_the_form_and_the_interface(said: str) -> None:
    tessa = factories.tessa()
    answer = sent(logged_in(tessa), said=said)
    assert answer.status_code == 422
    assert "a number from 0.01 to 10" in answer.content.decode()
    by_script = Script(tessa).upload(factories.picture_file(), microns_per_pixel=said)
    assert by_script.status_code == 400
    assert by_script.json()["errors"][0]["field"] == "microns_per_pixel"
    assert not SmearImage.objects.exists()


def test_the_interface_takes_and_tells_it() -> None:
    script = Script(factories.tessa())
    taken = script.upload(factories.picture_file(), microns_per_pixel="0.25").json()
    assert script.get(taken["image_url"]).json()["microns_per_pixel"] == 0.25


def test_a_column_of_the_manifest_says_it_for_each_file() -> None:
    usual = CaseContext(site=factories.SiteFactory(), microns_per_pixel=0.5)
    own, other = manifest_read(b"filename;microns_per_pixel\na.png;0,1\nb.png;\n").rows
    assert own.context(usual).microns_per_pixel == 0.1
    assert other.context(usual).microns_per_pixel == 0.5


@pytest.mark.parametrize("said", [one for one in NONSENSE if not one.startswith("-")])
def test_a_manifest_with_nonsense_is_told_row_by_row(said: str) -> None:
    found = manifest_read(f"filename,microns_per_pixel\na.png,{said}\n".encode()).findings
    assert [(one.line, one.column, one.code) for one in found] == [
        (2, "microns_per_pixel", "scale_out_of_range")
    ]


def test_an_archive_carries_it_to_its_images() -> None:
    tessa, table = factories.tessa(), b"filename,microns_per_pixel\na.png,0.1\nb.png,\n"
    one, two = factories.picture_file(1), factories.picture_file(2)
    data = zipped({"a.png": one, "b.png": two, "manifest.csv": table})
    writer = ArchiveWriter(factories.uuid.uuid4())
    writer.write(data)
    writer.close()
    context = CaseContext(
        site=factories.SiteFactory(), kind="synthetic", stain="Giemsa", microns_per_pixel=0.4
    )
    judged = archive_judge(writer.archive, size=writer.size, site=context.site, manifest=None)
    batch, _ = archive_submitted(judged, context=context, name="", hold=False, by=tessa)
    archive_unpack(batch, progress=lambda said: None)
    kept = {str(image.filename): image.microns_per_pixel for image in batch.images.all()}
    assert kept == {"a.png": 0.1, "b.png": 0.4}


def test_the_report_gives_the_size_on_the_glass() -> None:
    case = factories.CaseFactory()
    factories.image(case=case, width=640, height=480, microns_per_pixel=0.065)
    factories.image(case=case, width=640, height=480)
    sizes = [
        one.size for one in report_content(factories.report(case, by=factories.clara())).images
    ]
    assert sizes == ["41.6 × 31.2 µm (0.065 µm/px) · 640 × 480", "640 × 480"]


def test_an_administrator_sets_the_sites_scale_with_an_event() -> None:
    adam, clara = factories.adam(), factories.clara()
    site = factories.SiteFactory()
    script, address = Script(adam), f"/api/v1/sites/{site.slug}/scale/"
    assert script.patch(address, {"microns_per_pixel": 0.1}).json()["microns_per_pixel"] == 0.1
    page = logged_in(adam).post(
        reverse("policy_scale", args=[site.slug]), {"microns_per_pixel": "0,2"}
    )
    assert page.status_code == 302
    events = AuditEvent.objects.filter(action="site.scale").order_by("pk")
    assert [one.details["after"] for one in events] == [0.1, 0.2]
    with pytest.raises(NotAllowed):
        site_scale_set(site, microns_per_pixel=0.1, by=clara)
    with pytest.raises(ScaleRefused):
        site_scale_set(site, microns_per_pixel=float("nan"), by=adam)
    refused = script.patch(address, json.loads('{"microns_per_pixel": 40}'))
    assert refused.status_code == 400


def test_a_clinician_reads_the_rules_and_changes_none() -> None:
    clara, site = factories.clara(), factories.SiteFactory()
    page = logged_in(clara).get(reverse("policy", args=[site.slug])).content.decode()
    assert "What holds now" in page
    assert "Why it changes" not in page
    assert 'action="/policy/' not in page


def test_the_table_keeps_nonsense_out_by_itself() -> None:
    image = factories.image()
    with pytest.raises(IntegrityError), transaction.atomic():
        SmearImage.objects.filter(pk=image.pk).update(microns_per_pixel=float("nan"))

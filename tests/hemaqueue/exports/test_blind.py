"""Where a site reads blind, no file tells a reader what the model said before their own word."""

from __future__ import annotations

import pytest

from hemaqueue.accounts.models import User
from hemaqueue.exports.batches import batch_summary
from hemaqueue.exports.building import export_build
from hemaqueue.exports.services import Wish
from hemaqueue.pipeline.papers import export_requested, report_requested
from hemaqueue.reports.selectors import report_bytes
from hemaqueue.reports.services import report_publish
from hemaqueue.reviews.first_reads import FirstReadDue
from hemaqueue.specimens.models import Batch, SmearImage
from hemaqueue.web.shown.timeline import image_timeline
from jobcontract.sealing import read_sealed, write_sealed
from tests import factories, readings

pytestmark = pytest.mark.django_db


@pytest.fixture
def image(batch: Batch) -> SmearImage:
    made = factories.image(batch=batch)
    factories.prediction(made)
    readings.reads_blind(made.site)
    return made


def file_of(by: User, **asked: str) -> str:
    export = export_requested(Wish("results", "json", asked=asked), by=by)
    return read_sealed(export_build(export.pk, tell=lambda done, of: None).key).decode()


def test_an_export_tells_it_after_the_first_read(image: SmearImage, clara: User) -> None:
    assert '"suggestion": null' in file_of(clara)
    assert '"early_pre_b"' not in file_of(clara)
    assert str(image.pk) not in file_of(clara, label="early_pre_b")
    readings.decision(image, by=clara, choice="pre_b")
    assert '"suggestion": "early_pre_b"' in file_of(clara)


def test_a_batch_counts_it_after_the_first_read(
    image: SmearImage, batch: Batch, clara: User
) -> None:
    assert batch_summary(batch, reader=clara).with_result == 0
    readings.decision(image, by=clara, choice="pre_b")
    assert batch_summary(batch, reader=clara).with_result == 1


def test_a_preliminary_report_waits_for_the_first_read(image: SmearImage, clara: User) -> None:
    report, _ = report_requested(image.case, by=clara)
    write_sealed("reports/a", b"%PDF")
    report_publish(report.pk, document={"key": "reports/a", "media_type": "application/pdf"})
    report.refresh_from_db()
    with pytest.raises(FirstReadDue):
        report_bytes(report, reader=clara)
    readings.decision(image, by=clara, choice="pre_b")
    assert report_bytes(report, reader=clara) == b"%PDF"


def test_a_timeline_keeps_what_others_decided(image: SmearImage, clara: User) -> None:
    colleague = factories.person("carla", "clinician")
    readings.decision(image, by=colleague, choice="pro_b")
    before = image_timeline(image, job=None, prediction=None, user=clara)
    assert "Carla decided" in [one.words for one in before]
    assert "Pro-B" not in "".join(one.detail for one in before)
    readings.decision(image, by=clara, choice="pre_b")
    after = image_timeline(image, job=None, prediction=None, user=clara)
    assert "Pro-B" in "".join(one.detail for one in after)

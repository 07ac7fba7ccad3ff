"""A scale that was wrong is corrected, with a reason; what is signed keeps its own."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from hemaqueue.accounts.models import User
from hemaqueue.audit.models import AuditEvent
from hemaqueue.common.errors import NotAllowed
from hemaqueue.reports.gathering import report_content
from hemaqueue.reports.services import report_open
from hemaqueue.reviews.amending import review_amend
from hemaqueue.reviews.checking import signature_check
from hemaqueue.specimens.models import Case, ScaleChange, SmearImage
from hemaqueue.specimens.scale import image_scale_set
from tests import factories, readings
from tests.people import Script, logged_in

pytestmark = pytest.mark.django_db

WHY = "The slide was taken with the 40x objective."


def scaled(**more: Any) -> SmearImage:
    return factories.image(width=640, height=480, microns_per_pixel=0.065, **more)


def corrected(image: SmearImage, to: float | None, *, by: User, whole_case: bool = False) -> int:
    made = image_scale_set(image, microns_per_pixel=to, reason=WHY, by=by, whole_case=whole_case)
    return len(made)


def sizes(case: Case, *, by: User) -> list[str]:
    return [one.size for one in report_content(report_open(case, by=by)).images]


def test_the_bar_the_size_and_the_timeline_follow(tessa: Client) -> None:
    image = scaled()
    address = reverse("image", args=[image.pk])
    assert "41.6 × 31.2 µm" in tessa.get(address).content.decode()
    form = reverse("image_scale", args=[image.pk])
    assert "0.065 µm per pixel" in tessa.get(form).content.decode()
    body = {"microns_per_pixel": "0,2", "reason": WHY}
    page = tessa.post(form, body, follow=True).content.decode()
    assert "The scale of 1 image is corrected." in page
    assert 'data-microns="0.2"' in page
    assert "128.0 × 96.0 µm" in page or "128 × 96 µm" in page
    timeline = tessa.get(reverse("image_timeline", args=[image.pk])).content.decode()
    assert "Tessa Mukamana corrected the scale" in timeline
    assert f"0.065 µm per pixel → 0.2 µm per pixel · {WHY}" in timeline


def test_a_whole_case_is_corrected_at_once_and_says_how_many() -> None:
    case = factories.CaseFactory()
    first, second = scaled(case=case), factories.image(case=case, microns_per_pixel=0.2)
    third, gone = factories.image(case=case), scaled(case=case)
    SmearImage.objects.filter(pk=gone.pk).update(withdrawn_at=gone.uploaded_at)
    tessa, elsewhere = factories.tessa(), scaled()
    assert corrected(first, 0.2, by=tessa, whole_case=True) == 2, "one had it before"
    kept = SmearImage.objects.values_list("microns_per_pixel", flat=True)
    ids = [one.pk for one in (first, second, third, gone, elsewhere)]
    assert [kept.get(pk=pk) for pk in ids] == [0.2, 0.2, 0.2, 0.065, 0.065]
    events = AuditEvent.objects.filter(action="image.scale").order_by("pk")
    assert {one.object_id for one in events} == {str(first.pk), str(third.pk)}
    assert {one.details["after"] for one in events} == {0.2}


def test_a_signed_report_keeps_the_scale_of_its_day() -> None:
    clara = factories.clara()
    case = readings.case_ready(by=clara)
    SmearImage.objects.filter(case=case).update(width=640, height=480, microns_per_pixel=0.065)
    signature = readings.signature(case, by=clara)
    before = sizes(case, by=clara)
    assert before == ["41.6 × 31.2 µm (0.065 µm/px) · 640 × 480"]
    image = case.images.get()
    corrected(image, 0.2, by=clara)
    corrected(image, 0.25, by=clara)
    assert sizes(case, by=clara) == before
    checked = signature_check(signature)
    assert (checked.intact, checked.holds, checked.changes) == (True, True, [])
    review_amend(case, by=clara, reason="The scale was wrong.")
    readings.signature(case, by=clara)
    assert sizes(case, by=clara) == ["160 × 120 µm (0.25 µm/px) · 640 × 480"]


def test_a_scale_may_become_unknown_and_is_said_so(tessa: Client) -> None:
    image = scaled()
    form = reverse("image_scale", args=[image.pk])
    page = tessa.post(form, {"microns_per_pixel": "", "reason": WHY}, follow=True)
    assert "data-microns" not in page.content.decode()
    assert "scale not known" in page.content.decode()
    image.refresh_from_db()
    assert image.microns_per_pixel is None


def test_the_same_again_changes_nothing(tessa: Client) -> None:
    image = scaled()
    body = {"microns_per_pixel": "0.065", "reason": WHY}
    page = tessa.post(reverse("image_scale", args=[image.pk]), body, follow=True)
    assert "The scale was this before. Nothing changed." in page.content.decode()
    again = Script(factories.tessa()).patch(f"/api/v1/images/{image.pk}/scale/", body)
    assert (again.status_code, again.json()) == (200, {"results": []})
    assert not ScaleChange.objects.exists()
    assert not AuditEvent.objects.filter(action="image.scale").exists()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"microns_per_pixel": 40, "reason": WHY}, 400),
        ({"microns_per_pixel": 0.1, "reason": " "}, 400),
        ({"microns_per_pixel": 0.1, "reason": "x" * 301}, 400),
        ({"microns_per_pixel": 0.1}, 400),
        ({"reason": WHY}, 400),
        ({"microns_per_pixel": 0.1, "reason": WHY, "scope": "slide"}, 400),
    ],
)
def test_what_is_not_whole_is_refused(said: dict[str, Any], code: int) -> None:
    image = scaled()
    answer = Script(factories.tessa()).patch(f"/api/v1/images/{image.pk}/scale/", said)
    assert answer.status_code == code
    assert answer.json()["errors"]
    image.refresh_from_db()
    assert image.microns_per_pixel == 0.065


def test_the_interface_tells_what_was_corrected() -> None:
    tessa, clara = factories.tessa(), factories.clara()
    image = scaled()
    address = f"/api/v1/images/{image.pk}/scale/"
    said = {"microns_per_pixel": None, "reason": WHY}
    (made,) = Script(clara).patch(address, said).json()["results"]
    assert (made["before"], made["after"], made["by"]) == (0.065, None, clara.printed_name)
    found = Script(tessa).get(address).json()
    assert (found["microns_per_pixel"], found["changes"]) == (None, [made])


def test_what_was_taken_back_keeps_its_scale(tessa: Client) -> None:
    image = scaled()
    SmearImage.objects.filter(pk=image.pk).update(withdrawn_at=image.uploaded_at)
    body = {"microns_per_pixel": 0.1, "reason": WHY}
    refused = Script(factories.tessa()).patch(f"/api/v1/images/{image.pk}/scale/", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "withdrawn")
    page = tessa.post(reverse("image_scale", args=[image.pk]), body)
    assert page.status_code == 422
    assert "This image was taken back." in page.content.decode()


def test_a_colleague_of_another_site_sees_and_changes_nothing() -> None:
    image, otto = scaled(), factories.otto()
    with pytest.raises(NotAllowed):
        corrected(image, 0.1, by=otto)
    page = logged_in(otto).get(reverse("image_scale", args=[image.pk]))
    assert page.status_code == 404


def test_what_was_corrected_stays_on_record() -> None:
    image = scaled()
    corrected(image, 0.1, by=factories.tessa())
    with pytest.raises(DatabaseError), transaction.atomic():
        ScaleChange.objects.all().delete()

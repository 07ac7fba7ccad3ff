"""Deciding on the result page: nothing preset, a correction says why, a stale page is told."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from hemaqueue.reviews.models import ConfirmedLabel, Decision, Origin
from hemaqueue.reviews.selectors import review_stamp
from hemaqueue.specimens.models import SmearImage
from tests import factories
from tests.hemaqueue.web.conftest import signed_in


@pytest.fixture
def image(db: None) -> SmearImage:
    made = factories.image()
    factories.prediction(made)
    return made


def decide(browser: Client, image: SmearImage, **said: str):  # type: ignore[no-untyped-def]
    body = {"seen": review_stamp(image)} | said
    return browser.post(reverse("image_decide", args=[image.pk]), body)


def test_nothing_is_preset(clara: Client, image: SmearImage) -> None:
    shown = clara.get(reverse("image", args=[image.pk])).content.decode()
    assert 'name="choice"' in shown
    assert " checked" not in shown


def test_a_technician_sees_no_decision_panel(tessa: Client, image: SmearImage) -> None:
    shown = tessa.get(reverse("image", args=[image.pk])).content.decode()
    assert 'name="choice"' not in shown
    assert decide(tessa, image, choice="early_pre_b").status_code == 403


def test_agreeing_confirms_the_label(clara: Client, image: SmearImage) -> None:
    assert decide(clara, image, choice="early_pre_b").status_code == 302
    label = ConfirmedLabel.objects.get(image=image)
    assert (label.label, label.origin) == ("early_pre_b", Origin.CONFIRMED)


def test_choosing_nothing_is_told_beside_the_choices(clara: Client, image: SmearImage) -> None:
    answer = decide(clara, image)
    assert answer.status_code == 422
    assert "Choose what you see." in answer.content.decode()


def test_a_correction_needs_a_reason(clara: Client, image: SmearImage) -> None:
    answer = decide(clara, image, choice="pro_b")
    assert answer.status_code == 422
    assert "Say why" in answer.content.decode()
    assert not Decision.objects.exists()
    assert decide(clara, image, choice="pro_b", reason="morphology").status_code == 302
    assert ConfirmedLabel.objects.get(image=image).origin == Origin.CORRECTED


def test_what_was_entered_stays_after_a_refusal(clara: Client, image: SmearImage) -> None:
    shown = decide(clara, image, choice="pro_b", note="large nucleoli").content.decode()
    assert "large nucleoli" in shown
    assert 'value="pro_b" data-press="4" data-corrects="yes" data-calms="no" checked' in shown


def test_a_stale_page_gets_a_banner_and_loses_nothing(clara: Client, image: SmearImage) -> None:
    stamp = review_stamp(image)
    site = image.site
    carl = signed_in(factories.person("carl", "clinician", site=site))
    assert decide(carl, image, choice="early_pre_b").status_code == 302
    answer = decide(clara, image, choice="pro_b", reason="morphology", note="mine", seen=stamp)
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "Somebody decided about this image since you opened it" in shown
    assert shown.count("Reload, and look again") == 1
    assert "Carl" in shown
    assert "mine" in shown
    assert Decision.objects.count() == 1


def test_a_missing_reason_does_not_make_a_stale_page_fresh(
    clara: Client, image: SmearImage
) -> None:
    stamp = review_stamp(image)
    carl = signed_in(factories.person("carl", "clinician", site=image.site))
    decide(carl, image, choice="early_pre_b")
    refused = decide(clara, image, choice="pro_b", seen=stamp)
    assert refused.status_code == 422
    entered = {"choice": "pro_b", "reason": "morphology", "seen": refused.context["panel"].seen}
    told = decide(clara, image, **entered)
    assert told.status_code == 409
    entered["seen"] = told.context["panel"].seen
    assert decide(clara, image, **entered).status_code == 302


def test_htmx_gets_the_panel_alone_and_is_led_on(clara: Client, image: SmearImage) -> None:
    address = reverse("image_decide", args=[image.pk])
    headers = {"HX-Request": "true"}
    refused = clara.post(address, {"seen": review_stamp(image)}, headers=headers)
    assert refused.status_code == 422
    assert "<html" not in refused.content.decode()
    done = clara.post(
        address, {"choice": "uncertain", "seen": review_stamp(image)}, headers=headers
    )
    shown = done.content.decode()
    assert "<html" not in shown
    assert "Recorded: Uncertain." in shown


def test_the_next_image_of_the_case_comes_next(clara: Client, image: SmearImage) -> None:
    other = factories.image(case=image.case)
    factories.prediction(other)
    answer = decide(clara, image, choice="early_pre_b")
    assert answer["Location"] == reverse("image", args=[other.pk])


def test_the_time_a_decision_took_is_kept(clara: Client, image: SmearImage) -> None:
    shown = clara.get(reverse("image", args=[image.pk])).context["result"].panel
    decide(clara, image, choice="early_pre_b", opened=shown.opened)
    taken = Decision.objects.get().seconds
    assert taken is not None
    assert taken < 60
    decide(clara, image, choice="uncertain", opened="forged")
    assert Decision.objects.get().seconds is None

"""The essential acts without JavaScript: log in, choose a language, send, read, sign."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from hemaqueue.jobs.models import Job
from hemaqueue.reviews.models import Decision, Signature
from hemaqueue.specimens.models import Case, SmearImage
from tests import factories
from tests.browser.conftest import SignIn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_picture_is_sent_without_a_script(sign_in: SignIn, pictures: list[Path]) -> None:
    factories.ModelVersionFactory()
    page = sign_in(factories.tessa(), java_script_enabled=False)
    page.goto("/upload/")
    page.locator("#files").set_input_files(pictures[0])
    page.get_by_role("button", name="Send").click()
    page.wait_for_load_state()
    assert SmearImage.objects.count() == 1
    assert Job.objects.count() == 1


def test_a_case_is_read_and_signed_without_a_script(sign_in: SignIn) -> None:
    case = factories.CaseFactory(accession="BM-NO-JS")
    image = factories.image(case=case)
    factories.prediction(image)
    page = sign_in(factories.clara(), java_script_enabled=False)
    page.goto(f"/images/{image.pk}/")
    page.get_by_role("radio", name="Early Pre-B").check()
    page.get_by_role("button", name="Confirm").first.click()
    page.wait_for_load_state()
    assert Decision.objects.get().label == "early_pre_b"
    page.goto(f"/cases/{case.pk}/sign/")
    page.get_by_label("What your signature means").select_option("reviewed")
    page.get_by_label("Your password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Sign", exact=True).click()
    page.wait_for_load_state()
    assert Signature.objects.get().review.case == Case.objects.get()


def test_the_language_is_chosen_without_a_script(sign_in: SignIn) -> None:
    page = sign_in(factories.clara(), java_script_enabled=False)
    page.goto("/history/")
    page.get_by_role("button", name="Français").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    assert page.url.endswith("/history/")

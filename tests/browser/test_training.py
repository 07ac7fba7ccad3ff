"""An order is looked at while it is chosen."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from hemaqueue.training.models import TrainingRun
from hemaqueue.training.networks import NETWORKS
from tests import factories
from tests.browser.conftest import SignIn
from tests.hemaqueue.training.confirming import confirm_enough, learned

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_what_is_chosen_shows_its_estimate_before_the_start(sign_in: SignIn, settings: Any) -> None:
    settings.HEMAQUEUE = settings.HEMAQUEUE | {"TRAINING_LABELS_PER_CLASS": 2}
    factories.ModelVersionFactory()
    confirm_enough(by=factories.clara())
    learned(by=factories.adam(), network=NETWORKS[0], seconds=25)
    page = sign_in(factories.adam())
    page.goto("/training/")
    expect(page.get_by_text("No run was done here yet")).to_be_visible()
    page.get_by_text("Another network, a snapshot").click()
    page.get_by_label("Network").select_option(NETWORKS[0])
    expect(page.get_by_text(f"{NETWORKS[0]}, from nothing.")).to_be_visible()
    page.get_by_label("Epochs", exact=True).fill("5")
    page.get_by_label("Epochs", exact=True).blur()
    expect(page.get_by_text("5 epochs should take about 40.0 s")).to_be_visible()
    assert TrainingRun.objects.count() == 1
    page.get_by_role("button", name="Start a run").click()
    expect(page.get_by_text("The run is in line.")).to_be_visible()
    newest = TrainingRun.objects.order_by("-requested_at")[0]
    assert (newest.network, newest.epochs) == (NETWORKS[0], 5)

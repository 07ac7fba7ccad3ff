"""The page of a version shows how it learned, wherever it was trained."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from hemaqueue.registry.learning import CurveUnfit, curve_kept
from hemaqueue.registry.models import ModelVersion
from hemaqueue.registry.services import bundle_register
from hemaqueue.training.models import TrainingRun
from tests import factories
from tests.hemaqueue.training.confirming import a_run
from tests.hemaqueue.web.test_training_run import CURVE

pytestmark = pytest.mark.django_db

NOT_KNOWN = "Its learning curve is not known"


def page(browser: Client, version: ModelVersion) -> str:
    html = browser.get(reverse("model", args=[version.pk])).content.decode()
    return re.sub(r"\s+", " ", html)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """The demonstration's bundle, with a digest of its own: the store outlives a test."""
    shipped = Path(settings.ROOT) / "inference_worker/bundles/smearnet-synthetic-1"
    facts = json.loads((shipped / "bundle.json").read_text())
    (tmp_path / "bundle.json").write_text(json.dumps(facts | {"code_version": tmp_path.name}))
    (tmp_path / "weights.safetensors").write_bytes((shipped / "weights.safetensors").read_bytes())
    return tmp_path


def test_a_curve_beside_a_bundle_is_kept_with_the_version(tessa: Client, bundle: Path) -> None:
    (bundle / "curve.json").write_text(json.dumps(CURVE))
    version = bundle_register(bundle)
    assert curve_kept(version) == CURVE
    shown = page(tessa, version)
    assert shown.count("<polyline") == 5
    assert "Epochs: 42, in 13.2 minutes." in shown
    assert "The best, epoch 42: loss 0.408, held out 0.109, accuracy held out 98.0 %." in shown
    assert NOT_KNOWN not in shown


def test_without_one_the_page_says_so(tessa: Client, bundle: Path) -> None:
    version = bundle_register(bundle)
    assert NOT_KNOWN in page(tessa, version)
    factory_made = factories.ModelVersionFactory()
    assert NOT_KNOWN in page(tessa, factory_made), "its facts say nothing of a training"


@pytest.mark.parametrize(
    "text", ["no json", "[]", "{}", "3", '[{"loss": 1}]', '[{"epoch": 1, "loss": NaN}]', "[[1]]"]
)
def test_what_is_no_curve_is_refused(bundle: Path, text: str) -> None:
    (bundle / "curve.json").write_text(text)
    with pytest.raises(CurveUnfit):
        bundle_register(bundle)
    assert not ModelVersion.objects.exists()


def test_a_version_trained_here_shows_the_curve_of_its_run(tessa: Client) -> None:
    run = a_run(by=factories.adam())
    candidate = factories.ModelVersionFactory()
    last = CURVE[-1] | {"epoch": 4}
    candidate.facts["training"] = {"epochs": 4, "minutes": 1.3, "held_out": last, "last": last}
    candidate.facts["training"] |= {
        "ended_early": True, "settings": {"epochs": 9, "patience": 1},
    }  # fmt: skip
    candidate.save()
    TrainingRun.objects.filter(pk=run.pk).update(curve=CURVE, candidate=candidate)
    shown = page(tessa, candidate)
    assert shown.count("<polyline") == 5
    assert "The last, epoch 4: loss 0.300, held out 0.325, accuracy held out 75.0 %." in shown
    assert NOT_KNOWN not in shown
    assert "It ended early, after epoch 4 of 9: nothing got better for 1 epoch." in shown

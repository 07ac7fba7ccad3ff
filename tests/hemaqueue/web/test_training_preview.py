"""What an order would learn, shown before it is given, and how long it should take."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hemaqueue.predictions.classes import class_words
from hemaqueue.specimens.models import SmearImage
from hemaqueue.training.models import TrainingRun
from hemaqueue.training.networks import NETWORKS
from hemaqueue.training.snapshots import snapshot_freeze
from tests import factories
from tests.hemaqueue.training.confirming import confirm_enough, confirmed, learned
from tests.hemaqueue.web.test_training import INLINE


@pytest.fixture(autouse=True)
def two_are_enough(settings: Any) -> None:
    settings.HEMAQUEUE = settings.HEMAQUEUE | {"TRAINING_LABELS_PER_CLASS": 2}


def looked_at(browser: Client, *, script: bool = True, **order: str) -> str:
    """Return what the page shows of an order that is not given yet."""
    headers = {"HX-Request": "true"} if script else {}
    given = {"kind": "synthetic", "epochs": "10"} | order
    answer = browser.post(reverse("training_preview"), given, headers=headers)
    assert answer.status_code == 200
    shown = answer.content.decode()
    assert ("<html" in shown) is not script
    return " ".join(shown.split())


def test_an_order_of_a_snapshot_is_looked_at_before_it_is_given(adam: Client) -> None:
    factories.ModelVersionFactory()
    images = confirm_enough(by=factories.clara())
    snapshot = snapshot_freeze("synthetic", by=factories.adam())
    for code in factories.CLASSES:
        confirmed(code, by=factories.clara())
    assert looked_at(adam).count('<td class="num">3</td>') == 12
    frozen = looked_at(adam, snapshot=str(snapshot.pk))
    assert frozen.count('<td class="num">2</td>') == 12
    assert '<th scope="col" class="num">Images</th>' in frozen
    names = [str(class_words(code).name) for code in factories.CLASSES]
    assert sorted(names, key=frozen.index) == names
    assert "A run cannot begin yet." not in frozen
    SmearImage.objects.filter(pk=images[0].pk).update(withdrawn_at=timezone.now())
    assert "Labels of the snapshot were withdrawn" in looked_at(adam, snapshot=str(snapshot.pk))
    assert not TrainingRun.objects.exists()


def test_another_network_has_an_estimate_of_its_own(adam: Client) -> None:
    factories.ModelVersionFactory()
    confirm_enough(by=factories.clara())
    learned(by=factories.adam())
    network = NETWORKS[0]
    assert "10 epochs should take about 3 min" in looked_at(adam)  # 8 images of 2 s an epoch
    assert "No run was done here yet" in looked_at(adam, network=network)
    learned(by=factories.adam(), network=network, seconds=25)
    shown = looked_at(adam, network=network, epochs="5")
    assert f"{network}, from nothing." in shown
    assert "5 epochs should take about 40.0 s" in shown


def test_without_a_script_the_whole_page_shows_the_order(adam: Client) -> None:
    factories.ModelVersionFactory()
    confirm_enough(by=factories.clara())
    shown = looked_at(adam, script=False, network=NETWORKS[0], epochs="7")
    assert f"{NETWORKS[0]}, from nothing." in shown
    assert 'name="epochs" value="7"' in shown
    assert f'action="{reverse("training")}"' in shown
    assert not INLINE.findall(shown)


def test_an_order_that_cannot_be_is_told_where_it_would_be_shown(adam: Client) -> None:
    factories.ModelVersionFactory()
    shown = looked_at(adam, epochs="999")
    assert 'id="preview-synthetic"' in shown
    assert "less than or equal to 300" in shown
    assert 'id="preview-"' in looked_at(adam, kind="%s")

"""Every network is trained as its report did; what cannot be done is said before it is tried."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from inference_worker.classes import class_code
from tests.inference_worker.making import small_bundle
from training_worker.plan import Plan
from training_worker.pretrained import PretrainedRefused, require_pretrained, started
from training_worker.recipes import (
    REPORTED,
    UnknownAugmentation,
    augmentation_of,
    classes_of,
    ours,
    recipe_of,
)
from training_worker.train import parse, plan_of


def test_a_report_names_its_input_filter_and_rate() -> None:
    plan = plan_of(parse(["--data", "d", "--out", "o", "--network", "cnn4"]))
    assert (plan.input_size, plan.preprocessing) == (224, "p1-median")
    assert (plan.settings.learning_rate, plan.settings.batch_size) == (1e-3, 32)
    assert plan.settings.recipe == REPORTED


def test_the_command_line_has_the_last_word() -> None:
    given = ["--network", "cnn4", "--input-size", "64", "--augmentation", "ours"]
    plan = plan_of(parse(["--data", "d", "--out", "o", *given, "--learning-rate", "0.1"]))
    assert (plan.input_size, plan.settings.learning_rate) == (64, 0.1)
    assert plan.settings.recipe.stain_share > 0


def test_patience_is_asked_for_by_epochs(capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--data", "d", "--out", "o"]
    assert plan_of(parse(given)).settings.patience == 0
    assert plan_of(parse([*given, "--patience", "7"])).settings.patience == 7
    with pytest.raises(SystemExit):
        parse([*given, "--patience", "-1"])
    assert "at least 0 was expected. Received: -1" in capsys.readouterr().err


def test_the_binary_network_is_positive_for_malignant() -> None:
    classes = classes_of("lenet_lld")
    assert [one.malignant for one in classes] == [False, True]
    names = ("Benign", "Normal", "ALL", "Malignant Pre", "early pre-b", "Pro")
    assert [class_code(name, classes=classes) for name in names] == [
        "benign", "benign", "malignant", "malignant", "malignant", "malignant",
    ]  # fmt: skip


def test_single_cells_are_told_apart_in_two_classes_without_a_mask() -> None:
    assert len(classes_of("smearnet", image_kind="cell")) == 2
    assert recipe_of("smearnet", image_kind="cell").preprocessing == "cell"


def test_light_varies_more_on_fields_than_on_single_cells() -> None:
    field, cell = recipe_of("smearnet"), recipe_of("smearnet", image_kind="cell")
    assert (field.augmentation, cell.augmentation) == (ours("field"), ours("cell"))
    assert field.augmentation.brightness > cell.augmentation.brightness


def test_an_augmentation_nobody_wrote_is_refused() -> None:
    with pytest.raises(UnknownAugmentation, match="ours, reported"):
        augmentation_of('{"sparkle": 1}', default=REPORTED)


@pytest.mark.parametrize(
    ("network", "parameters", "source", "code"),
    [
        ("smearnet", {}, "imagenet", "pretrained_unknown"),
        ("deep_svm", {}, "imagenet", "pretrained_unknown"),
        ("rank_ensemble", {"members": ["cnn4", "vgg16"]}, "imagenet", "pretrained_unknown"),
        ("vgg16", {}, "no/such/file.h5", "pretrained_missing"),
        ("rank_ensemble", {}, "no/such/file.h5", "pretrained_missing"),
    ],
)
def test_weights_that_cannot_be_had_are_refused_with_a_code(
    network: str, parameters: dict[str, Any], source: str, code: str
) -> None:
    with pytest.raises(PretrainedRefused) as refused:
        require_pretrained(network, source, parameters=parameters)
    assert refused.value.code == code
    assert str(refused.value).startswith(f"{code}: ")


TINY = {"alpha": 0.35}
MADE_OF_PUBLISHED = [
    ("mobilenet_v2", TINY),
    ("deep_svm", {"backbone": "mobilenet_v2", "backbone_parameters": TINY}),
    ("rank_ensemble", {"members": [{"network": "mobilenet_v2", "parameters": TINY}]}),
]


@pytest.mark.parametrize(("network", "parameters"), MADE_OF_PUBLISHED)
def test_a_backbones_weight_file_goes_to_every_part(
    network: str, parameters: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "backbone.weights.h5"
    given = keras.applications.MobileNetV2(
        alpha=0.35, include_top=False, weights=None, input_shape=(32, 32, 3)
    )
    given.save_weights(file)
    plan = Plan(
        data=tmp_path, network=network, parameters=parameters, input_size=32, pretrained=str(file)
    )
    require_pretrained(network, str(file), parameters=parameters)
    taken = started(plan).get_weights()[: len(given.weights)]
    assert all(map(np.array_equal, taken, given.get_weights()))


@pytest.mark.parametrize(("network", "parameters"), MADE_OF_PUBLISHED)
def test_a_failed_download_says_what_to_do(
    network: str, parameters: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setattr("keras.src.utils.file_utils.config.keras_home", lambda: str(tmp_path))
    require_pretrained(network, "imagenet", parameters=parameters)
    plan = Plan(
        data=tmp_path, network=network, parameters=parameters, input_size=224, pretrained="imagenet"
    )
    with pytest.raises(PretrainedRefused, match=r"pretrained_missing: .*--pretrained none"):
        started(plan)


def test_a_bundle_gives_its_weights_and_not_to_another_network(tmp_path: Path) -> None:
    bundle = small_bundle(tmp_path)
    plan = Plan(
        data=tmp_path, parameters={"widths": [4, 8, 8, 12]}, input_size=32, pretrained=str(tmp_path)
    )
    kernel = started(plan).get_layer("stem_conv").kernel.numpy()
    assert (kernel == bundle.weights["stem_conv/kernel"]).all()
    with pytest.raises(PretrainedRefused, match="pretrained_unfit"):
        started(Plan(data=tmp_path, network="cnn4", input_size=32, pretrained=str(tmp_path)))

"""Learning without labels, and the bench that holds it against from scratch."""

from __future__ import annotations

import json
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from safetensors.numpy import save_file

from benchmarks import _unlabelled, pretraining
from inference_worker.rebuild import weights_of
from tests.training_worker.drawing import write_folders
from training_worker.folds import Fold
from training_worker.plan import Plan
from training_worker.pretrained import PretrainedRefused, require_pretrained, started

NARROW = {"widths": [4, 8, 8, 12]}


def test_descriptions_that_agree_and_repeat_nothing_cost_nothing() -> None:
    random = np.random.default_rng(0)
    drawn = random.normal(size=(64, 8))
    one = np.linalg.qr(drawn - drawn.mean(0))[0].astype(np.float32)
    alike = float(_unlabelled.redundancy(tf.constant(one), tf.constant(one)))
    assert alike < 0.01
    repeated = tf.constant(np.repeat(one[:, :1], 8, axis=1))
    assert float(_unlabelled.redundancy(repeated, repeated)) > 10 * alike
    other = tf.constant(random.permutation(one))
    assert float(_unlabelled.redundancy(tf.constant(one), other)) > 1


def test_features_are_learned_from_what_the_fold_may_see_alone(tmp_path: Path) -> None:
    write_folders(tmp_path / "data", per_class=8)
    others = write_folders(tmp_path / "others", per_class=2, seed=9)
    fold = Fold(1, 2)
    plan = Plan(data=tmp_path / "data", input_size=32, left_out=fold)
    seen = _unlabelled.pictures_of(plan, [str(others)])
    assert len(seen) == len(fold.parts(plan.data).train) + 8
    scored = plan.pixels(fold.parts(plan.data).scored).pictures
    assert not {picture.tobytes() for picture in seen} & {one.tobytes() for one in scored}


def test_two_variations_of_each_picture_come_once_and_differ(tmp_path: Path) -> None:
    pictures = np.random.default_rng(1).integers(0, 256, (6, 32, 32, 3), dtype=np.uint8)
    ((one, other),) = _unlabelled.twins(pictures, plan=Plan(data=tmp_path), epoch=0)
    assert one.shape == other.shape == pictures.shape
    assert not (one == other).all()


def test_arrays_by_name_start_a_network_of_the_same_shape(tmp_path: Path) -> None:
    file = tmp_path / "features.safetensors"
    plan = Plan(data=tmp_path, parameters=NARROW, input_size=32, pretrained=str(file))
    keras.utils.set_random_seed(7)
    given = weights_of(Plan(data=tmp_path, parameters=NARROW | {"seed": 3}, input_size=32).model())
    save_file(given, file)
    require_pretrained("smearnet", str(file), parameters={})
    assert (started(plan).get_layer("stem_conv").kernel.numpy() == given["stem_conv/kernel"]).all()
    with pytest.raises(PretrainedRefused, match="pretrained_unfit"):
        started(Plan(data=tmp_path, network="cnn4", input_size=32, pretrained=str(file)))
    file.write_bytes(b"no arrays")
    with pytest.raises(PretrainedRefused, match="pretrained_unfit"):
        started(plan)


@pytest.mark.long
def test_the_bench_trains_both_ways_and_goes_on_where_it_ended(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_folders(tmp_path / "data", per_class=24)
    words = [
        "--data", f"{tmp_path}/data", "--out", f"{tmp_path}/out", "--folds", "2", "--fold", "2",
        "--epochs", "2", "--unlabelled-epochs", "2", "--input-size", "32", "--json",
    ]  # fmt: skip
    pretraining.main(words)
    report = json.loads(capsys.readouterr().out)
    (features,) = report["unlabelled"]
    assert len(features["losses"]) == 2
    assert report["scratch"]["n"] == report["pretrained"]["n"] > 0
    pretraining.main(words)
    assert json.loads(capsys.readouterr().out)["scratch"] == report["scratch"]
    assert "| accuracy |" in pretraining.readable(report)

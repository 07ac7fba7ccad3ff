"""A parcel in, one outcome for each of its jobs out: real sealed files, a real signed bundle."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from inference_worker.classify import classification
from inference_worker.engine import Engine
from inference_worker.engines import engines
from inference_worker.grids import packed
from inference_worker.parcels import classified, explained
from inference_worker.reading import read_input
from jobcontract import storage
from jobcontract.messages import (
    Classification,
    ClassifySmear,
    ExplainPrediction,
    Message,
    ModelReference,
    Outcome,
    Parcel,
    SealedFile,
    Ticket,
)
from jobcontract.names import Work
from jobcontract.reporting import WorkFailed
from jobcontract.sealing import read_shared, write_sealed
from tests.inference_worker.making import noise, png, small_bundle


@pytest.fixture(autouse=True)
def no_engines_of_other_tests() -> None:
    engines.cache_clear()


@pytest.fixture
def files(store: Path) -> list[SealedFile]:
    return [write_sealed(f"images/{i}", png(one)) for i, one in enumerate(noise(3, size=64))]


def parcel(work: Work, reference: ModelReference, bodies: list[Message]) -> Parcel:
    return Parcel(
        id="p",
        work=work,
        tickets=tuple(Ticket(f"job{index}", index) for index in range(len(bodies))),
        bodies=tuple(body.to_json() for body in bodies),
        shared=reference.to_json(),
    )


def ask(reference: ModelReference, file: SealedFile, **more: Any) -> Outcome:
    asked = ExplainPrediction(**{"prediction": 7, "image": file, "label": "pre_b"} | more)
    (outcome,) = explained(parcel(Work.EXPLAIN_PREDICTION, reference, [asked]))
    return outcome


def test_every_job_gets_its_outcome(reference: ModelReference, files: list[SealedFile]) -> None:
    storage.write(files[1].key, b"HQF1 nothing that was sealed here")
    bodies = [ClassifySmear(image=file) for file in files]
    first, bad, last = classified(parcel(Work.CLASSIFY_SMEARS, reference, bodies))
    assert (first.job, first.attempt, first.ok) == ("job0", 0, True)
    assert (bad.job, bad.ok, bad.code) == ("job1", False, "file_damaged")
    assert (last.job, last.ok) == ("job2", True)
    assert sum(last.body["scores"].values()) == pytest.approx(1, abs=1e-6)


def test_an_engine_is_built_once(reference: ModelReference) -> None:
    assert engines().get(reference) is engines().get(reference)


def test_a_model_that_was_altered_is_refused(reference: ModelReference) -> None:
    key = f"{reference.bundle_key}/weights.safetensors"
    storage.write(key, storage.read(key)[:-1] + b"\x07")
    with pytest.raises(WorkFailed) as refused:
        classified(parcel(Work.CLASSIFY_SMEARS, reference, []))
    assert refused.value.code == "model_integrity"


def test_a_model_that_is_not_stored_is_named_missing(store: Path) -> None:
    nowhere = ModelReference(version="1", bundle_key="bundles/none", digest="00")
    with pytest.raises(WorkFailed) as refused:
        classified(parcel(Work.CLASSIFY_SMEARS, nowhere, []))
    assert refused.value.code == "model_missing"


def test_another_class_on_another_layer_is_explained(
    reference: ModelReference, files: list[SealedFile]
) -> None:
    outcome = ask(reference, files[0], label="pro_b", layer="stage1_1_relu")
    assert outcome.ok
    assert (outcome.body["label"], outcome.body["layer"]) == ("pro_b", "stage1_1_relu")
    assert outcome.body["grid_shape"] == (8, 8)


def test_a_gradient_network_is_explained_by_occlusion_when_that_is_asked(
    reference: ModelReference, files: list[SealedFile]
) -> None:
    outcome = ask(reference, files[0], method="occlusion")
    assert outcome.ok
    assert (outcome.body["method"], outcome.body["layer"]) == ("occlusion", "occlusion")
    assert outcome.body["grid_shape"] == (6, 6)
    engine = engines().get(reference)
    picture = read_input(engine.facts, files[0], read=read_shared)
    wanted = packed(engine.occluded(picture, engine.facts.codes.index("pre_b")))
    assert outcome.body["grid"] == wanted != ask(reference, files[0]).body["grid"]


@pytest.mark.parametrize(
    ("network", "method"),
    [("smearnet", "cam"), ("cnn4", "gradcam"), ("rank_ensemble", "occlusion")],
)
def test_a_classification_says_how_its_grid_came_about(
    tmp_path: Path, network: str, method: str
) -> None:
    engine = Engine(small_bundle(tmp_path, network=network))
    answers = engine.answer(noise(1))
    said = Classification.from_json(classification(engine, answers, index=0, seconds=0).to_json())
    assert said.method == method


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"layer": "features", "method": "occlusion"}, "unknown_layer"),
        ({"label": "platelet"}, "unknown_class"),
        ({"layer": "nowhere"}, "unknown_layer"),
        ({"method": "tea leaves"}, "unknown_method"),
    ],
)
def test_what_the_model_does_not_have_is_refused(
    reference: ModelReference, files: list[SealedFile], more: dict[str, str], code: str
) -> None:
    outcome = ask(reference, files[0], **more)
    assert (outcome.ok, outcome.code) == (False, code)

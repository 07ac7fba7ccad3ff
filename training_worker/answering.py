"""What a bundle says of labelled pictures, through the code that serves it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference_worker.engine import Answers, Engine
from inference_worker.preprocessing import Picture, preprocess
from training_worker.samples import Sample, read_picture

BATCH = 32


@dataclass(frozen=True)
class Judged:
    """Canonical pictures with their labels, as indices into the bundle's classes."""

    pictures: list[Picture]
    labels: NDArray[np.int64]
    groups: list[str]

    @classmethod
    def of(cls, samples: Sequence[Sample], *, codes: Sequence[str]) -> Judged:
        return cls(
            pictures=[read_picture(sample) for sample in samples],
            labels=np.array([codes.index(sample.label) for sample in samples], np.int64),
            groups=[sample.group or str(index) for index, sample in enumerate(samples)],
        )


def answers_for(engine: Engine, pictures: Sequence[Picture]) -> Answers:
    """Return the answers for canonical pictures, in their order."""
    return answers_for_inputs(engine, inputs_for(engine, pictures))


def answers_for_inputs(engine: Engine, inputs: NDArray[np.uint8]) -> Answers:
    """Return the answers for preprocessed pictures, in their order."""
    parts = [
        engine.answer(inputs[i : i + BATCH], grids=False) for i in range(0, len(inputs), BATCH)
    ]
    return Answers(
        named=np.concatenate([part.named for part in parts]),
        scores=np.concatenate([part.scores for part in parts]),
        grids=np.concatenate([part.grids for part in parts]),
        distances=np.concatenate([part.distances for part in parts]),
    )


def inputs_for(engine: Engine, pictures: Sequence[Picture]) -> NDArray[np.uint8]:
    facts = engine.facts
    return np.stack(
        [preprocess(one, steps=facts.preprocessing, size=facts.input_size) for one in pictures]
    )


def named_by(engine: Engine, pictures: Sequence[Picture]) -> NDArray[np.int64]:
    """Return the index of the class named for each canonical picture."""
    return answers_for(engine, pictures).scores.argmax(1)

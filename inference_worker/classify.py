"""From sealed files to classifications: decode in threads while the network computes.

A picture that cannot be read fails alone; the others of its batch go on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext

import numpy as np
from numpy.typing import NDArray

from inference_worker.bundle import BundleFacts
from inference_worker.engine import Answers, Engine, at_once
from inference_worker.grids import packed
from inference_worker.reading import Read, read_input
from inference_worker.statements import flags, malignant_share
from jobcontract.messages import Classification, SealedFile
from jobcontract.reporting import WorkFailed
from jobcontract.sealing import read_shared

DECODERS = 2

Result = Classification | WorkFailed
Input = tuple[NDArray[np.uint8], float]
#: Notes, for as long as it lasts, which pictures by their places something is done to.
Holding = Callable[[Sequence[int]], AbstractContextManager[None]]


def classify(
    engine: Engine,
    files: Sequence[SealedFile],
    *,
    read: Read = read_shared,
    facts: BundleFacts | None = None,
    hold: Holding = lambda _: nullcontext(),
) -> Iterator[Result]:
    """Yield, in the order of `files`, a classification or why there is none.

    Args:
        engine: The bundle that answers.
        files: Sealed image files.
        read: Returns a sealed file's plain bytes.
        facts: The bundle's facts with the thresholds that hold; its own where none are given.
        hold: Notes what is in hand, for whoever has to know should this process die.
    """
    said_by = facts or engine.facts
    with ThreadPoolExecutor(DECODERS, thread_name_prefix="decode") as pool:
        waiting = [
            pool.submit(_timed_input, engine, file, read, hold([at]))
            for at, file in enumerate(files)
        ]
        size = at_once(said_by.input_size)
        for start in range(0, len(waiting), size):
            batch = range(len(waiting))[start : start + size]
            settled = [_settled(waiting[at]) for at in batch]
            with hold(batch):
                results = _classify_batch(engine, settled, facts=said_by)
            yield from results


def _timed_input(
    engine: Engine, file: SealedFile, read: Read, held: AbstractContextManager[None]
) -> Input:
    began = time.perf_counter()
    with held:
        return read_input(engine.facts, file, read=read), time.perf_counter() - began


def _classify_batch(
    engine: Engine, settled: Sequence[Input | WorkFailed], *, facts: BundleFacts
) -> list[Result]:
    inputs = [one for one in settled if not isinstance(one, WorkFailed)]
    if not inputs:
        return [one for one in settled if isinstance(one, WorkFailed)]
    began = time.perf_counter()
    answers = engine.answer(np.stack([picture for picture, _ in inputs]))
    share = (time.perf_counter() - began) / len(inputs)
    found = (
        classification(engine, answers, index=index, seconds=seconds + share, facts=facts)
        for index, (_, seconds) in enumerate(inputs)
    )
    return [one if isinstance(one, WorkFailed) else next(found) for one in settled]


def _settled(future: Future[Input]) -> Input | WorkFailed:
    try:
        return future.result()
    except WorkFailed as failure:
        return failure


def classification(
    engine: Engine,
    answers: Answers,
    *,
    index: int,
    seconds: float,
    facts: BundleFacts | None = None,
) -> Classification:
    """Return one picture's answer as a message; the confidence is that of the class named."""
    facts = facts or engine.facts
    scores = answers.scores[index]
    label = engine.facts.codes[int(answers.named[index])]
    by_code = dict(zip(engine.facts.codes, map(float, scores), strict=True))
    malignant, distance = malignant_share(facts, by_code), float(answers.distances[index])
    return Classification(
        label=label,
        scores=by_code,
        confidence=by_code[label],
        malignant=malignant,
        flags=flags(facts, label=label, scores=by_code, distance=distance),
        ood_score=distance,
        grid=packed(answers.grids[index]),
        grid_shape=answers.grids[index].shape,
        layer=engine.grid_layer,
        seconds=seconds,
        method=engine.grid_method,
    )

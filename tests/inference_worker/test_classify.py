"""A batch of files becomes classifications; a bad file fails alone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from inference_worker.classify import classify
from inference_worker.engine import BATCH, Engine, at_once
from inference_worker.grids import unpacked
from jobcontract.messages import Classification, SealedFile
from jobcontract.reporting import WorkFailed
from jobcontract.sealing import FileDamaged
from jobcontract.storage import FileMissing
from tests.inference_worker.making import noise, png

GOOD = [png(picture) for picture in noise(BATCH + 5, size=48)]


def run(engine: Engine, contents: list[bytes | Exception]) -> list[Classification | WorkFailed]:
    files = [SealedFile(key=str(index), data_key="") for index in range(len(contents))]
    return list(classify(engine, files, read=reader(contents)))


def reader(contents: list[bytes | Exception]) -> Callable[[SealedFile], bytes]:
    def read(file: SealedFile) -> bytes:
        content = contents[int(file.key)]
        if isinstance(content, Exception):
            raise content
        return content

    return read


def test_every_file_gets_its_own_answer_in_order(engine: Engine) -> None:
    together = run(engine, list(GOOD))
    assert len(together) == len(GOOD)
    for index in (0, BATCH - 1, BATCH, len(GOOD) - 1):
        (alone,) = run(engine, [GOOD[index]])
        assert alone.scores == pytest.approx(together[index].scores, abs=1e-5)


def test_the_confidence_belongs_to_the_class_named(engine: Engine) -> None:
    for one in run(engine, list(GOOD)):
        assert one.confidence == one.scores[one.label] == max(one.scores.values())
        assert sum(one.scores.values()) == pytest.approx(1, abs=1e-6)
        assert one.malignant == pytest.approx(1 - one.scores["benign"], abs=1e-6)


def test_the_grid_can_be_read_back(engine: Engine) -> None:
    (one,) = run(engine, [GOOD[0]])
    grid = unpacked(one.grid, shape=one.grid_shape)
    assert (grid.shape, grid.dtype) == (one.grid_shape, np.float16)
    assert one.layer == "features"
    assert one.seconds > 0


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (GOOD[1][: len(GOOD[1]) // 2], "corrupt_image"),
        (b"%PDF-1.7", "unsupported_type"),
        (FileMissing("k"), "file_missing"),
        (FileDamaged("k"), "file_damaged"),
    ],
)
def test_a_bad_file_fails_alone(engine: Engine, content: bytes | Exception, code: str) -> None:
    first, bad, last = run(engine, [GOOD[0], content, GOOD[2]])
    assert isinstance(bad, WorkFailed)
    assert bad.code == code
    assert isinstance(first, Classification)
    assert isinstance(last, Classification)
    assert last.scores == pytest.approx(run(engine, [GOOD[2]])[0].scores, abs=1e-5)


def test_a_batch_of_bad_files_is_all_failures(engine: Engine) -> None:
    assert all(isinstance(one, WorkFailed) for one in run(engine, [b"", b"x"]))


def test_no_files_no_answers(engine: Engine) -> None:
    assert run(engine, []) == []


def test_large_pictures_are_computed_in_smaller_calls() -> None:
    assert [at_once(side) for side in (48, 128, 160, 224, 299, 2000)] == [16, 16, 16, 8, 4, 1]

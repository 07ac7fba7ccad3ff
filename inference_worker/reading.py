"""From one sealed file to one network input; every fault becomes a code and a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import cv2

from inference_worker.bundle import BundleFacts
from inference_worker.preprocessing import Picture, preprocess
from jobcontract.image_refusals import ImageRefused
from jobcontract.imaging import canonical_picture
from jobcontract.messages import SealedFile
from jobcontract.reporting import WorkFailed
from jobcontract.sealing import FileDamaged
from jobcontract.storage import FileMissing

Read = Callable[[SealedFile], bytes]


def read_input(facts: BundleFacts, file: SealedFile, *, read: Read) -> Picture:
    """Return the preprocessed picture of one file.

    Raises:
        WorkFailed: `file_missing`, `file_damaged`, or the code of a picture that is refused.
    """
    with _faults_named():
        picture = canonical_picture(read(file))
        return preprocess(picture, steps=facts.preprocessing, size=facts.input_size)


def read_picture(file: SealedFile, *, read: Read) -> Picture:
    """Return the canonical picture of one file. Raises WorkFailed as `read_input` does."""
    with _faults_named():
        return canonical_picture(read(file))


@contextmanager
def _faults_named() -> Iterator[None]:
    try:
        yield
    except FileMissing as error:
        raise WorkFailed("file_missing", "The stored picture is missing.") from error
    except FileDamaged as error:
        raise WorkFailed("file_damaged", "The stored picture was altered.") from error
    except ImageRefused as error:
        raise WorkFailed(error.code, error.sentence) from error
    except cv2.error as error:
        raise WorkFailed("corrupt_image", "The picture's pixels cannot be read.") from error

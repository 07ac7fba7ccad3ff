"""What a command cannot do, said at once: nothing here waits for TensorFlow."""

from __future__ import annotations

from pathlib import Path

from inference_worker.bundle import FACTS, WEIGHTS
from inference_worker.classes import FOUR_CLASSES, SmearClass
from inference_worker.networks import UnknownNetwork, network_names
from training_worker.checkpoint import Checkpoint
from training_worker.samples import folder_samples, split_folders


class NotPossible(ValueError):
    """What was asked for cannot be done with the files that are there."""


def require_pictures(data: Path, *, classes: tuple[SmearClass, ...] = FOUR_CLASSES) -> None:
    """Refuse a folder without labelled pictures, and a `train/` or `val/` without them.

    Raises:
        NotPossible: there is no such folder.
        NoPictures: no picture lies below a folder that is named for a class.
    """
    _require_folder(data)
    for part in split_folders(data):
        if part is not None:
            folder_samples(part, classes=classes)


def require_network(name: str) -> None:
    """Refuse a network that nobody wrote."""
    if name not in network_names():
        raise UnknownNetwork(f"Known networks: {', '.join(network_names())}. Received: {name!r}")


def require_free(out: Path, *, resume: bool) -> None:
    """Refuse to write over a bundle, unless its own run is to go on.

    Raises:
        NotPossible: a bundle or a file is there.
    """
    if out.exists() and not out.is_dir():
        raise NotPossible(f"{out} is a file. Name a folder for the bundle.")
    if (out / FACTS).exists() and not (resume and Checkpoint.beside(out).exists()):
        raise NotPossible(
            f"There is a bundle in {out} already. Name another folder, or go on with its own run: "
            f"--resume, and {out.name}.run beside it."
        )


def require_bundle(folder: Path) -> None:
    """Refuse a folder that holds no bundle.

    Raises:
        NotPossible: the folder or one of its files is missing.
    """
    _require_folder(folder)
    for name in (FACTS, WEIGHTS):
        if not (folder / name).is_file():
            raise NotPossible(f"There is no bundle in {folder}: {name} is missing.")


def _require_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise NotPossible(f"There is no folder {folder}.")

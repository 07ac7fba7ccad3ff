"""What `train` and `evaluate` cannot do they say at once, in a sentence and in nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from inference_worker.bundle import FACTS
from tests.training_worker.drawing import write_folders

ROOT = Path(__file__).parents[2]
LOADED = "import sys; from training_worker import {0}; code = {0}.main(sys.argv[1:]); " + (
    "sys.exit(99 if 'tensorflow' in sys.modules or 'keras' in sys.modules else code)"
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("data")
    write_folders(root / "train", per_class=1)
    write_folders(root / "val", per_class=1)
    return root


def said(command: str, *given: object) -> str:
    """Return what a refused command writes, having checked that it loaded no TensorFlow."""
    words = [sys.executable, "-c", LOADED.format(command), *map(str, given)]
    path = {"PYTHONPATH": f"{ROOT / 'platform'}:{ROOT}"}
    done = subprocess.run(words, capture_output=True, text=True, env=path, cwd=ROOT, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    return done.stderr


@pytest.mark.parametrize("more", [(), ("--resume",)])
def test_a_bundle_is_not_written_over(data: Path, tmp_path: Path, more: tuple[str, ...]) -> None:
    (tmp_path / FACTS).write_text("{}")
    assert said("train", "--data", data, "--out", tmp_path, *more) == (
        f"Not trained: There is a bundle in {tmp_path} already. Name another folder, or go on "
        f"with its own run: --resume, and {tmp_path.name}.run beside it.\n"
    )
    assert (tmp_path / FACTS).read_text() == "{}"


def test_a_bundle_is_not_written_to_a_file(data: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    refusal = said("train", "--data", data, "--out", tmp_path / "taken")
    assert refusal.endswith("taken is a file. Name a folder for the bundle.\n")


@pytest.mark.parametrize("given", [("train", "--out", "new"), ("evaluate",)])
def test_a_folder_that_is_not_there_is_named(given: tuple[str, ...], tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    assert said(*given, "--data", missing).endswith(f": There is no folder {missing}.\n")


def test_a_part_without_pictures_is_found_before_the_training(data: Path, tmp_path: Path) -> None:
    write_folders(tmp_path / "train", per_class=1)
    (tmp_path / "val").mkdir()
    refusal = said("train", "--data", tmp_path, "--out", tmp_path / "new")
    assert refusal.endswith(f"were expected in {tmp_path / 'val'}\n")


def test_a_network_that_nobody_wrote_is_refused(data: Path, tmp_path: Path) -> None:
    refusal = said("train", "--data", data, "--out", tmp_path / "new", "--network", "deepest")
    assert "Known networks: " in refusal
    assert "smearnet" in refusal


def test_a_bundle_that_is_not_there_is_named(data: Path, tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    assert said("evaluate", "--data", data, "--bundle", missing) == (
        f"Not judged: There is no folder {missing}.\n"
    )
    refusal = said("evaluate", "--data", data, "--bundle", tmp_path)
    assert refusal == f"Not judged: There is no bundle in {tmp_path}: bundle.json is missing.\n"

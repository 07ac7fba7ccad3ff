"""The tree: what must not exist, what must not grow, what must not be written."""

from __future__ import annotations

import platform
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOP = {
    "platform", "inference_worker", "training_worker", "frontend_templates", "deploy", "tests",
    "manage.py", "docker-compose.yml", "README.md", "pyproject.toml", "requirements", "hemaqueue",
    "benchmarks", "docs", "LICENSE",
}  # fmt: skip
CODE_ROOTS = (
    "platform", "inference_worker", "training_worker", "deploy", "tests", "benchmarks",
)  # fmt: skip
LONGEST_FILE = 250
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def tracked() -> list[Path]:
    """The files that belong to the repository; everything outside var/ where git is absent."""
    run = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    names = [name for name in run.stdout.split("\0") if name]
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def sources() -> list[Path]:
    python = [path for path in tracked() if path.suffix == ".py" and "migrations" not in path.parts]
    return [path for path in python if path.relative_to(ROOT).parts[0] in CODE_ROOTS]


def test_the_standard_library_still_has_its_platform() -> None:
    assert not (ROOT / "platform" / "__init__.py").exists()
    assert not (ROOT / "tests" / "platform").exists()
    assert platform.system()


def test_the_top_level_is_the_one_that_was_agreed() -> None:
    found = {path.relative_to(ROOT).parts[0] for path in tracked()}
    assert {name for name in found if not name.startswith(".")} <= TOP


def test_nothing_directly_below_platform_bears_a_known_name() -> None:
    folders = {path.name for path in (ROOT / "platform").iterdir() if path.is_dir()}
    assert folders - {"__pycache__"} == {"hemaqueue", "jobcontract"}


def test_no_file_is_longer_than_250_lines() -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in sources()}
    long = {str(path.relative_to(ROOT)): n for path, n in lengths.items() if n > LONGEST_FILE}
    assert long == {}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_is_pinned_hashed_and_without_an_address(lock: Path) -> None:
    text = lock.read_text()
    assert "://" not in text
    assert "--index" not in text
    pins = re.findall(r"^[a-z0-9][a-z0-9._-]*(?:\[[a-z0-9,-]+\])?==[^ ]+", text, re.MULTILINE)
    requirements = [line for line in text.splitlines() if line and line[0] not in " #-"]
    assert len(pins) == len(requirements) > 10
    assert all("==" in line for line in requirements)
    assert text.count("--hash=sha256:") >= len(pins)


def test_the_locks_of_the_roles_agree_with_the_lock_of_all() -> None:
    def pins(path: Path) -> dict[str, str]:
        found = re.findall(r"^([a-z0-9._-]+)(?:\[[^]]+\])?==([^ ;]+)", path.read_text(), re.M)
        return dict(found)

    every = pins(ROOT / "requirements" / "all.txt")
    for name in ("web", "inference", "training"):
        role = pins(ROOT / "requirements" / f"{name}.txt")
        assert role.items() <= every.items()


def test_no_requirement_of_the_web_role_is_a_workers_and_the_reverse() -> None:
    web = (ROOT / "requirements" / "web.txt").read_text()
    assert not re.search(r"^(tensorflow|keras|scikit-learn)\b", web, re.MULTILINE)
    for name in ("inference", "training"):
        worker = (ROOT / "requirements" / f"{name}.txt").read_text()
        assert not re.search(r"^(django|psycopg2|weasyprint|gunicorn)\b", worker, re.MULTILINE)


def test_nothing_is_left_to_do_and_no_place_of_one_machine_is_named() -> None:
    banned = re.compile("|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X:", r"/work" + "/")))
    guilty = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in [*sources(), ROOT / "hemaqueue", ROOT / "README.md"]
        if path.exists()
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if banned.search(line)
    ]
    assert guilty == []

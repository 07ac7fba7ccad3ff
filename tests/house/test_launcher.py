"""The launcher: it starts with nothing installed, and says what is wrong in a sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local import environment, install, roles, suite
from deploy.local.install import CannotInstall
from deploy.local.supervisor import Role

ROOT = Path(__file__).resolve().parents[2]
GIVEN = {
    "DATABASE_URL": "postgres://x",
    "REDIS_URL": "redis://x",
    "HEMAQUEUE_SECRET_KEY": "s",
    "HEMAQUEUE_STORAGE_KEY": "k",
    "HEMAQUEUE_WORKER_KEY": "w",
    "HEMAQUEUE_MESSAGE_KEY": "m",
}


def launch(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the launcher with a Python that sees the standard library only."""
    return subprocess.run(
        [sys.executable, "-S", "-E", str(ROOT / "hemaqueue"), *arguments],
        capture_output=True, text=True, check=False, timeout=60, env={"PATH": os.defpath},
    )  # fmt: skip


def test_help_needs_nothing_installed() -> None:
    run = launch("--help")
    assert run.returncode == 0
    for command in ("demo", "test", "check", "bench", "train", "evaluate"):
        assert f"./hemaqueue {command}" in run.stdout


def test_the_demos_options_are_explained_with_nothing_installed() -> None:
    run = launch("demo", "--help")
    assert run.returncode == 0
    assert "--images DIR" in run.stdout


def test_an_unknown_command_is_told() -> None:
    run = launch("dmeo")
    assert run.returncode == 2
    assert "no such command: dmeo" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_missing_venv_module_is_told_with_the_command(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(install, "STAMP", tmp_path / "stamp")
    monkeypatch.setattr(install, "PYTHON", tmp_path / "bin" / "python")
    monkeypatch.setattr(install.shutil, "which", lambda _: None)
    monkeypatch.setattr(install.importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr(install.system, "may_install", lambda: False)
    with pytest.raises(CannotInstall, match=r"sudo apt-get install .*python3\.\d+-venv"):
        install.ensure_installed(install.Console(quiet=True))


def roles_of_the_platform() -> dict[str, Role]:
    made = roles.platform_roles(given=GIVEN, settings="s", port=8000, processes=2)
    return {role.name: role for role in made}


@pytest.mark.parametrize("name", ["inference", "quarantine", "training"])
def test_a_worker_gets_no_database_and_no_key_of_the_files_at_rest(name: str) -> None:
    env = roles_of_the_platform()[name].env
    assert set(environment.PLATFORM_ONLY).isdisjoint(env)
    assert env["HEMAQUEUE_WORKER_KEY"] == "w"
    assert env["OMP_NUM_THREADS"] == "1"


def test_no_process_takes_its_neighbours_cores_for_its_sums(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started: list[dict[str, str]] = []
    monkeypatch.setattr(suite, "_attached", lambda command, *, env, **_: started.append(env) or 0)
    monkeypatch.setattr(suite.install, "ensure_installed", print)
    monkeypatch.setattr(suite.system, "ensure_pdf_libraries", print)
    monkeypatch.setattr(suite.system, "ensure_test_tools", print)
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    assert suite.run_tests([]) == suite.run_module("training_worker.train", []) == 0
    assert [env["OPENBLAS_NUM_THREADS"] for env in started] == ["1", "1"]
    assert {one.env["OPENBLAS_NUM_THREADS"] for one in roles_of_the_platform().values()} == {"1"}


def test_a_process_does_not_inherit_the_callers_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    assert all("AWS_SECRET_ACCESS_KEY" not in r.env for r in roles_of_the_platform().values())


@pytest.mark.parametrize(
    ("cores", "gigabytes", "expected"), [(4, 23, 4), (4, 6, 2), (2, 8, 2), (16, 8, 4), (1, 1, 1)]
)
def test_inference_processes_follow_cores_and_memory(
    cores: int, gigabytes: int, expected: int
) -> None:
    assert roles.inference_processes(cores=cores, memory=gigabytes * roles.GIB) == expected

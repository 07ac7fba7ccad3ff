"""docker-compose.yml and the Dockerfiles: checked without Docker, because none is needed here."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: one for name, one in SERVICES.items() if one["image"].startswith("hemaqueue")}
WORKERS = ("inference", "inference-gpu", "quarantine", "training")
ONE_SHOT = {"migrate"}
DOCKERFILES = sorted(DEPLOY.glob("Dockerfile.*"))
BIN = Path(sys.executable).parent
UNITS = {"M": 1024**2, "G": 1024**3}
# Variables that programs of others read; ours must each be read by our code.
FOREIGN = re.compile(r"POSTGRES_|OMP_|TF_|PIP_|PYTHON|PATH$|DJANGO_SETTINGS_MODULE|XDG_")

services = pytest.mark.parametrize("name", SERVICES)


def code_that_reads_variables() -> str:
    folders = ("platform", "inference_worker", "training_worker")
    paths = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    paths += [DEPLOY / "gunicorn.conf.py", DEPLOY / "healthcheck.py"]
    return "\n".join(path.read_text() for path in paths)


def memory(service: dict[str, Any]) -> int:
    """Bytes that all replicas of a service may take."""
    text = service["deploy"]["resources"]["limits"]["memory"]
    return int(text[:-1]) * UNITS[text[-1]] * int(service["deploy"].get("replicas", 1))


def test_the_compose_file_follows_the_specification() -> None:
    run = subprocess.run(
        [BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout


def test_every_role_that_was_promised_is_there() -> None:
    promised = {"db", "redis", "web", "nginx", "dispatcher", "records", "inference", "report"}
    assert promised | {"training", "quarantine", "inference-gpu"} <= set(SERVICES)
    assert SERVICES["dispatcher"]["deploy"]["replicas"] == 2
    assert SERVICES["inference-gpu"]["profiles"] == ["gpu"]


@services
def test_an_image_is_pinned_to_a_release(name: str) -> None:
    image, _, tag = SERVICES[name]["image"].rpartition(":")
    assert image
    assert re.match(r"\d+\.\d+", tag)


@services
def test_a_container_is_hardened(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert str(service["user"]) not in {"0", "root", "0:0"}
    mounts = {mount.partition(":")[0] for mount in service["tmpfs"]}
    assert {"/tmp", "/dev/shm"} <= mounts


@services
def test_a_service_says_how_it_is(name: str) -> None:
    check = SERVICES[name]["healthcheck"]
    assert check.get("test") or (name in ONE_SHOT and check == {"disable": True})


@services
def test_a_secret_is_a_file_and_never_a_variable(name: str) -> None:
    service = SERVICES[name]
    for variable, value in service.get("environment", {}).items():
        if re.search(r"(PASSWORD|KEY|DATABASE_URL|REDIS_URL)(_FILE)?$", variable):
            assert variable.endswith("_FILE")
            assert Path(value).parts[:3] == ("/", "run", "secrets")
            assert Path(value).name in service["secrets"]


def test_a_worker_has_no_database_and_no_key_of_the_files_at_rest() -> None:
    for name in WORKERS:
        service = SERVICES[name]
        assert set(service["secrets"]) == {"redis_url", "worker_key", "message_key"}
        assert service["networks"] == ["queue"]
    assert SERVICES["db"]["networks"] == ["data"]
    assert all(COMPOSE["networks"][net]["internal"] for net in ("front", "data", "queue"))


def test_only_nginx_is_reachable_and_at_first_from_this_host_only() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["nginx"]
    assert all("127.0.0.1" in port for port in SERVICES["nginx"]["ports"])


def test_the_default_services_fit_eight_gigabytes() -> None:
    standing = [s for name, s in SERVICES.items() if name not in ONE_SHOT and "profiles" not in s]
    assert sum(map(memory, standing)) <= 8 * UNITS["G"]


def test_learning_leaves_the_processor_to_those_who_wait() -> None:
    assert {name for name, one in SERVICES.items() if "cpu_shares" in one} == {"training"}
    assert 0 < SERVICES["training"]["cpu_shares"] < 1024 / 4, "1024 is every other's"


def test_every_variable_that_is_named_is_read_somewhere() -> None:
    code = code_that_reads_variables()
    named = {name for service in OURS.values() for name in service["environment"]}
    for path in DOCKERFILES:
        named |= set(re.findall(r"\b(HEMAQUEUE_[A-Z_]+)=", path.read_text()))
    unread = {
        name
        for name in named
        if not FOREIGN.match(name) and f'"{name.removesuffix("_FILE")}"' not in code
    }
    assert unread == set()


def test_the_example_of_the_environment_names_what_compose_asks_for() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    asked = set(re.findall(r"\$\{(HEMAQUEUE_[A-Z_]+)", text))
    offered = set(re.findall(r"^(HEMAQUEUE_[A-Z_]+)=", (DEPLOY / "env.example").read_text(), re.M))
    assert asked == offered


def test_every_secret_is_made_by_the_launcher_and_kept_out_of_git() -> None:
    code = (DEPLOY / "local" / "secrets.py").read_text()
    code += (ROOT / "platform" / "jobcontract" / "keys.py").read_text().lower()
    for name, place in COMPOSE["secrets"].items():
        assert name in code
        assert place["file"] == f"./deploy/secrets/{name}"
    assert "deploy/secrets/" in (ROOT / ".gitignore").read_text().splitlines()


@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda path: path.suffix[1:])
def test_a_dockerfile_is_clean_pinned_and_not_root(path: Path) -> None:
    run = subprocess.run(
        [BIN / "hadolint", "--config", DEPLOY / "hadolint.yaml", path],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout
    text = path.read_text()
    assert set(re.findall(r"^FROM (\S+)", text, re.M)) == {"python:3.11.14-slim-bookworm"}
    assert re.findall(r"^USER (.+)$", text, re.M) == ["10001:10001"]
    assert "--require-hashes" in text


def test_what_an_image_copies_exists_and_is_let_through() -> None:
    allowed = {
        line[1:]
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    }
    for path in DOCKERFILES:
        for sources in re.findall(r"^COPY (?!--from)(.+) \S+$", path.read_text(), re.M):
            for source in sources.replace("${LOCK}", "gpu").split():
                assert (ROOT / source).exists(), source
                assert any(source == one or source.startswith(f"{one}/") for one in allowed)


def test_a_workers_image_has_no_django_and_the_webs_no_worker() -> None:
    for role in ("inference", "training"):
        text = (DEPLOY / f"Dockerfile.{role}").read_text()
        assert "COPY platform/jobcontract" in text
        assert "COPY platform ./" not in text
        assert "requirements/web" not in text
    for role in ("web", "report"):
        text = (DEPLOY / f"Dockerfile.{role}").read_text()
        assert "COPY inference_worker ./" not in text
        assert "requirements/web.txt" in text


def test_no_worker_can_change_a_script_of_the_pages() -> None:
    assert "static:/data/static:ro" in SERVICES["web"]["volumes"]
    writers = {name for name, one in SERVICES.items() if "static:/data/static" in one["volumes"]}
    assert writers == {"migrate"}

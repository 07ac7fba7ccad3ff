"""nginx and gunicorn: the limits and headers that the promises rest on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
NGINX = (DEPLOY / "nginx.conf").read_text()
PROXY = (DEPLOY / "nginx-proxy.conf").read_text()


@pytest.mark.parametrize(
    "line",
    [
        "server_tokens off;",
        "client_max_body_size 65m;",
        "client_body_timeout 30s;",
        "client_body_temp_path /tmp/client_body;",
        "ssl_protocols TLSv1.2 TLSv1.3;",
        "access_log off;",
    ],
)
def test_nginx_keeps_its_limits(line: str) -> None:
    assert line in NGINX


@pytest.mark.parametrize(
    "line",
    [
        "proxy_request_buffering off;",
        "proxy_max_temp_file_size 0;",
        "proxy_set_header X-Forwarded-Proto https;",
        "proxy_set_header X-Forwarded-For $remote_addr;",
    ],
)
def test_nginx_overwrites_what_gunicorn_believes_and_spills_nothing(line: str) -> None:
    assert line in PROXY


def test_requests_and_connections_are_limited_per_address() -> None:
    assert len(re.findall(r"^\s+limit_(?:req|conn) ", NGINX, re.M)) == 3


def test_gunicorn_uses_threads_and_keeps_no_access_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEMAQUEUE_WEB_PROCESSES", "3")
    settings: dict[str, object] = {}
    exec((DEPLOY / "gunicorn.conf.py").read_text(), settings)  # noqa: S102
    assert settings["worker_class"] == "gthread"
    assert settings["workers"] == 3
    assert settings["accesslog"] is None

"""Behind nginx, a login is limited locked out and audited by the address that nginx saw."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Any

import pytest
from axes.helpers import get_client_ip_address
from django.conf import LazySettings
from django.test import RequestFactory
from django.urls import reverse
from ipware import get_client_ip

NGINX = (Path(__file__).resolve().parents[2] / "deploy" / "nginx.conf").read_text()

NGINX_AND_A_LIAR: dict[str, Any] = {"REMOTE_ADDR": "172.18.0.5", "HTTP_X_REAL_IP": "8.8.8.8"}


def test_nginx_limits_the_address_at_which_people_log_in() -> None:
    limited = re.search(r"location (\S+) \{\s+limit_req zone=logins ", NGINX)
    assert limited is not None
    assert limited[1] == reverse("account_login")


@pytest.mark.parametrize("address", ["203.0.113.9", "10.1.2.3", "2001:db8::7"])
def test_lockout_and_audit_know_the_client_behind_nginx(
    address: str, settings: LazySettings
) -> None:
    production = importlib.import_module("hemaqueue.settings.production")
    for name in dir(production):
        if "IPWARE" in name:
            setattr(settings, name, getattr(production, name))
    request = RequestFactory().post("/", HTTP_X_FORWARDED_FOR=address, **NGINX_AND_A_LIAR)
    assert get_client_ip_address(request) == address
    assert get_client_ip(request)[0] == address


def test_without_nginx_no_header_is_believed() -> None:
    liar = NGINX_AND_A_LIAR | {"HTTP_X_FORWARDED_FOR": "8.8.4.4"}
    request = RequestFactory().post("/", **liar)
    assert get_client_ip_address(request) == "172.18.0.5"
    assert get_client_ip(request)[0] == "172.18.0.5"

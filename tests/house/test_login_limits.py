"""Behind nginx, a login is limited and locked out by the address that nginx saw."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest
from axes.helpers import get_client_ip_address
from django.conf import LazySettings
from django.test import RequestFactory
from django.urls import reverse

NGINX = (Path(__file__).resolve().parents[2] / "deploy" / "nginx.conf").read_text()


def test_nginx_limits_the_address_at_which_people_log_in() -> None:
    limited = re.search(r"location (\S+) \{\s+limit_req zone=logins ", NGINX)
    assert limited is not None
    assert limited[1] == reverse("account_login")


@pytest.mark.parametrize("address", ["203.0.113.9", "10.1.2.3", "2001:db8::7"])
def test_a_lockout_knows_the_client_behind_nginx(address: str, settings: LazySettings) -> None:
    production = importlib.import_module("hemaqueue.settings.production")
    for name in ("META_PRECEDENCE_ORDER", "PROXY_COUNT"):
        setattr(settings, f"AXES_IPWARE_{name}", getattr(production, f"AXES_IPWARE_{name}"))
    request = RequestFactory().post(
        "/account/login/", REMOTE_ADDR="172.18.0.5", HTTP_X_FORWARDED_FOR=address
    )
    assert get_client_ip_address(request) == address

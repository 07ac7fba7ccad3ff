"""Fixtures for the people of the tests, and for talking to the interface as one of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from knox.models import AuthToken

from hemaqueue.accounts.models import Site, TokenGrant, User
from hemaqueue.accounts.roles import Role
from hemaqueue.accounts.scopes import Scope
from tests import factories


@pytest.fixture
def tessa(db: None) -> User:
    return factories.tessa()


@pytest.fixture
def clara(db: None) -> User:
    return factories.clara()


@pytest.fixture
def adam(db: None) -> User:
    return factories.adam()


@pytest.fixture
def beate(db: None) -> User:
    return another_administrator()


def another_administrator() -> User:
    """Return Beate, who runs the installation as Adam does."""
    return factories.person("beate", Role.ADMINISTRATOR, last_name="Uwera", is_staff=True)


@pytest.fixture
def otto(db: None) -> User:
    return factories.otto()


def granted(user: User, *scopes: str, site: Site | None = None) -> tuple[AuthToken, str]:
    """Return a token of `user` for these scopes, or for all of them; it leaves no event."""
    record, token = AuthToken.objects.create(user)
    TokenGrant.objects.create(token=record, scopes=list(scopes or Scope), site=site)
    return record, str(token)


@dataclass
class Script:
    """A script with its owner's token for everything, or with none."""

    user: User | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.client = Client(raise_request_exception=False)
        if self.user is not None:
            _, token = granted(self.user)
            self.headers = {"Authorization": f"Bearer {token}"} | self.headers

    def get(self, address: str, **more: Any) -> Any:
        return self.client.get(address, headers=self._headers(more), **more)

    def post(self, address: str, body: Any = None, **more: Any) -> Any:
        headers = self._headers(more)
        return self.client.post(address, body or {}, "application/json", headers=headers, **more)

    def patch(self, address: str, body: Any = None, **more: Any) -> Any:
        headers = self._headers(more)
        return self.client.patch(address, body or {}, "application/json", headers=headers, **more)

    def delete(self, address: str, body: Any = None, **more: Any) -> Any:
        headers = self._headers(more)
        return self.client.delete(address, body or {}, "application/json", headers=headers, **more)

    def upload(
        self, data: bytes, *, name: str = "field.png", to: str = "/api/v1/images/", **fields: Any
    ) -> Any:
        headers = self._headers(fields)
        kind = {"image_kind": "synthetic"} if "image_kind" not in fields else {}
        values = kind | fields | {"file": SimpleUploadedFile(name, data)}
        return self.client.post(to, values, headers=headers)

    def _headers(self, more: dict[str, Any]) -> dict[str, str]:
        return self.headers | more.pop("headers", {})


def in_person(user: User) -> Script:
    """Return a script in the session of `user`, who logged in: for what no token may do."""
    script = Script()
    script.client = logged_in(user)
    return script


def logged_in(user: User) -> Client:
    """Return a browser in which `user` is logged in."""
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client

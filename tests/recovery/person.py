"""Somebody at a browser, without the browser: signs in, reads pages, asks the interface."""

from __future__ import annotations

import json
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError


class Person:
    """One session with one server."""

    def __init__(self, url: str) -> None:
        self.url, self._jar = url, CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._jar))

    def enter(self, name: str, password: str) -> None:
        """Sign in, and acknowledge what the product is for."""
        self.page("/account/login/")
        self._post_form("/account/login/", {"login": name, "password": password})
        if "/account/use/" in self.page("/")[2]:
            self._post_form("/account/use/", {})
        assert "/account/" not in self.page("/")[2], f"{name} could not sign in"

    def page(self, path: str) -> tuple[int, bytes, str]:
        """Return status, body and the address where it ended."""
        return self._open(urllib.request.Request(self.url + path))

    def ask(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Ask the interface; with a body, by POST. What is refused fails the test."""
        head = {"X-CSRFToken": self._token(), "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        status, said, _ = self._open(urllib.request.Request(self.url + path, data, head))
        assert status < 400, (path, status, said[:500])
        return dict(json.loads(said))

    def _post_form(self, path: str, fields: dict[str, str]) -> None:
        data = urllib.parse.urlencode(fields | {"csrfmiddlewaretoken": self._token()}).encode()
        self._open(urllib.request.Request(self.url + path, data))

    def _token(self) -> str:
        return next((str(one.value) for one in self._jar if one.name == "csrftoken"), "")

    def _open(self, request: urllib.request.Request) -> tuple[int, bytes, str]:
        try:
            with self._opener.open(request, timeout=60) as answer:
                return answer.status, answer.read(), answer.url
        except HTTPError as error:
            return error.code, error.read(), request.full_url

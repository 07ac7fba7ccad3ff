"""Somebody who signs in as with a browser, and asks the interface within that session."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from http.cookiejar import CookieJar
from typing import Any

Answer = tuple[int, dict[str, Any]]
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
COOKIE = "csrftoken"
SECONDS = 120


class Person:
    """One session. `password` is also what signatures are given with."""

    def __init__(self, url: str, username: str, password: str) -> None:
        self.url, self.username, self.password = url, username, password
        self._cookies = CookieJar()
        handler = urllib.request.HTTPCookieProcessor(self._cookies)
        self._opener = urllib.request.build_opener(handler)
        self._sign_in()

    def get(self, path: str) -> Answer:
        return self._asked("GET", path, None, {})

    def post(self, path: str, body: Mapping[str, Any]) -> Answer:
        """Send JSON as a page's script does."""
        headers = {"Content-Type": "application/json", "X-CSRFToken": self._cookie()}
        return self._asked("POST", path, json.dumps(body).encode(), headers)

    def send(self, path: str, body: bytes, *, kind: str) -> Answer:
        """Send a form with files; `kind` is its content type."""
        return self._asked(
            "POST", path, body, {"Content-Type": kind, "X-CSRFToken": self._cookie()}
        )

    def _sign_in(self) -> None:
        self._form("/account/login/", {"login": self.username, "password": self.password})
        if not any(one.name == "sessionid" for one in self._cookies):
            raise SystemExit(f"{self.username} could not sign in")

    def _form(self, path: str, fields: Mapping[str, str]) -> None:
        with self._opener.open(self.url + path, timeout=SECONDS) as page:
            found = TOKEN.search(page.read().decode())
        if not found:
            raise SystemExit(f"{path} has no form")
        body = urllib.parse.urlencode({**fields, "csrfmiddlewaretoken": found[1]}).encode()
        self._opener.open(self.url + path, body, timeout=SECONDS).close()

    def _cookie(self) -> str:
        return next((one.value or "" for one in self._cookies if one.name == COOKIE), "")

    def _asked(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        address = path if path.startswith("http") else self.url + path
        headers |= {"Accept": "application/json"}
        request = urllib.request.Request(address, body, headers, method=method)
        try:
            with self._opener.open(request, timeout=SECONDS) as answer:
                return answer.status, json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, json.loads(refused.read() or b"{}")

"""`manage.py demo_setup`: two sites, people of each role, the committed models; for looking around.

Prints one line of JSON with the logins and a fresh token. Doing it again changes nothing but
the token; the passwords are made once and kept beside the installation's keys.
"""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from knox.models import AuthToken

from hemaqueue.accounts.models import Membership, Site, User
from hemaqueue.accounts.roles import Role
from hemaqueue.accounts.scopes import USUAL, Scope
from hemaqueue.audit.tokens import token_make
from jobcontract.environment import data_folder

PEOPLE = (
    ("tessa", "Tessa", "Mukamana", Role.TECHNICIAN, "demo"),
    ("clara", "Clara", "Uwase", Role.CLINICIAN, "demo"),
    ("adam", "Adam", "Habimana", Role.ADMINISTRATOR, "demo"),
    ("otto", "Otto", "Niyonzima", Role.CLINICIAN, "elsewhere"),
)
SITES = {"demo": "Demo Laboratory", "elsewhere": "Elsewhere Hospital"}
TOKEN_DAYS = 7
SCOPES = (*USUAL, Scope.JOB_WRITE, Scope.REPORT_WRITE)


class Command(BaseCommand):
    help = "Make the demonstration's sites, people and models; print their logins as JSON."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.HEMAQUEUE["DEMONSTRATION"]:
            raise CommandError("This installation is no demonstration: people are made by hand.")
        anew = not passwords_file().exists()  # the first time, or restored from a backup
        passwords = kept_passwords()
        for slug, name in SITES.items():
            Site.objects.get_or_create(slug=slug, defaults={"name": name})
        for person in PEOPLE:
            make_person(*person, password=passwords[person[0]], anew=anew)
        bundles = sorted((settings.ROOT / "inference_worker" / "bundles").glob("*/bundle.json"))
        call_command("register_bundles", *(path.parent for path in bundles), stdout=self.stderr)
        self.stdout.write(json.dumps(summary(passwords)))


def passwords_file() -> Path:
    return data_folder() / "secrets" / "demo-passwords.json"


def kept_passwords() -> dict[str, str]:
    """Return the demo's passwords, made the first time."""
    kept = passwords_file()
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = {name: f"{name}-{secrets.token_hex(4)}" for name, *_ in PEOPLE}
        with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            json.dump(made, file)
    return dict(json.loads(kept.read_text()))


def make_person(
    username: str, first: str, last: str, role: Role, site: str, *, password: str, anew: bool
) -> None:
    user, made = User.objects.get_or_create(
        username=username,
        defaults={
            "first_name": first,
            "last_name": last,
            "is_staff": role is Role.ADMINISTRATOR,
        },
    )
    if made or anew:
        user.set_password(password)
        user.save()
    Membership.objects.get_or_create(
        user=user, site=Site.objects.get(slug=site), defaults={"role": role}
    )


def summary(passwords: dict[str, str]) -> dict[str, Any]:
    tessa = User.objects.get(username="tessa")
    AuthToken.objects.filter(user=tessa).delete()
    _, token = token_make(days=TOKEN_DAYS, scopes=SCOPES, by=tessa)
    logins = [
        {"username": name, "password": passwords[name], "role": str(role), "site": SITES[site]}
        for name, _, _, role, site in PEOPLE
    ]
    return {"logins": logins, "token": token, "site": "demo"}

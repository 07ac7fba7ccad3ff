"""`manage.py create_user NAME --site SLUG --role ROLE`: a person, with a password shown once."""

from __future__ import annotations

import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hemaqueue.accounts.models import Site, User
from hemaqueue.accounts.roles import Role
from hemaqueue.pipeline.people import role_give, user_add


class Command(BaseCommand):
    help = "Create a person, or give one who is there a role at another site."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--site", required=True, help="the site's slug")
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--name", default="", help="as it is printed: first name, last name")
        parser.add_argument("--staff", action="store_true", help="administers the installation")

    def handle(self, *args: Any, username: str, site: str, role: str, **options: Any) -> None:
        place = Site.objects.filter(slug=site).first()
        if place is None:
            raise CommandError(f"There is no site {site!r}. Create it with create_site.")
        password = secrets.token_urlsafe(15)
        is_new = not User.objects.filter(username=username).exists()
        user = user_add(username, password=password, name=options["name"], staff=options["staff"])
        role_give(user, site=place, role=Role(role))
        self.stdout.write(f"{username}: {role} at {place.name}")
        if is_new:
            self.stdout.write(f"Password, shown this once: {password}")

"""`manage.py create_site SLUG NAME`: a laboratory with patients of its own."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from hemaqueue.pipeline.people import site_add


class Command(BaseCommand):
    help = "Create a site. What belongs to it is seen by its members only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("name")

    def handle(self, *args: Any, slug: str, name: str, **options: Any) -> None:
        site = site_add(slug, name=name)
        self.stdout.write(f"{site.slug}: {site.name} ({site.pk})")

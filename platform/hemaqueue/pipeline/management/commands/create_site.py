"""`manage.py create_site SLUG NAME`: a laboratory with patients of its own."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hemaqueue.common.errors import PlatformError
from hemaqueue.pipeline.people import site_add


class Command(BaseCommand):
    help = "Create a site. What belongs to it is seen by its members only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("name")
        parser.add_argument("--microns-per-pixel", type=float, help="what its microscope gives")

    def handle(
        self, *args: Any, slug: str, name: str, microns_per_pixel: float | None, **options: Any
    ) -> None:
        try:
            site = site_add(slug, name=name, microns_per_pixel=microns_per_pixel)
        except PlatformError as refusal:
            raise CommandError(refusal.detail) from refusal
        self.stdout.write(f"{site.slug}: {site.name} ({site.pk})")

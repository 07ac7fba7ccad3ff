"""`manage.py register_bundles FOLDER …`: make bundles known; the first of a kind serves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from hemaqueue.registry.deciding import model_promote
from hemaqueue.registry.models import ModelStatus, ModelVersion
from hemaqueue.registry.services import bundle_register


class Command(BaseCommand):
    help = "Register bundles. A kind of image that no model serves yet gets the first one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folders", nargs="+", type=Path)

    def handle(self, *args: Any, folders: list[Path], **options: Any) -> None:
        for folder in folders:
            version = bundle_register(folder)
            serving = ModelVersion.objects.filter(
                image_kind=version.image_kind, status=ModelStatus.SERVING
            )
            if not serving.exists():
                model_promote(version, by=None, reason="First version of this installation")
            self.stdout.write(f"{version.name} {version.digest[:12]}")

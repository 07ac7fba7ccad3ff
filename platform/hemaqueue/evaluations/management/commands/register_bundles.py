"""`manage.py register_bundles FOLDER …`: make bundles known; the first fit one of a kind serves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from hemaqueue.evaluations.gates import gates_of
from hemaqueue.registry.deciding import model_promote
from hemaqueue.registry.models import ModelStatus, ModelVersion
from hemaqueue.registry.services import bundle_register


class Command(BaseCommand):
    help = (
        "Register bundles. A kind of image that no model serves yet gets the first one whose own "
        "figures miss no gate; the others stay candidates, for a person to decide."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folders", nargs="+", type=Path)
        parser.add_argument("--unjudged", action="store_true", help="serve, whatever it scored")

    def handle(
        self, *args: Any, folders: list[Path], unjudged: bool = False, **options: Any
    ) -> None:
        for folder in folders:
            version = bundle_register(folder)
            if not _is_served(version.image_kind) and (unjudged or not _missed(version)):
                model_promote(version, by=None, reason="First version of this installation")
            version.refresh_from_db()
            self.stdout.write(f"{version.name} {version.digest[:12]}: {version.status}")


def _is_served(image_kind: str) -> bool:
    serving = ModelVersion.objects.filter(image_kind=image_kind, status=ModelStatus.SERVING)
    return serving.exists()


def _missed(version: ModelVersion) -> list[str]:
    """Return the gates that the bundle's own figures miss; a card is written by people, later."""
    return [one.name for one in gates_of(version) if one.passed is False and one.name != "card"]

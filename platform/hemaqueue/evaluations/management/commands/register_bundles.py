"""`manage.py register_bundles FOLDER …`: make bundles known; the first fit one of a kind serves.

A folder may hold evaluation.json, what `./hemaqueue evaluate --suite full --json` printed of the
bundle: it is stored with it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hemaqueue.common.errors import Refused
from hemaqueue.evaluations.gates import gates_of
from hemaqueue.evaluations.models import Source
from hemaqueue.evaluations.selectors import evaluations_of
from hemaqueue.evaluations.services import evaluation_record, report_read
from hemaqueue.registry.deciding import model_promote
from hemaqueue.registry.models import ModelStatus, ModelVersion
from hemaqueue.registry.services import bundle_register

EVALUATION = "evaluation.json"


class Command(BaseCommand):
    help = (
        "Register bundles, each with the evaluation that lies beside it. A kind of image that no "
        "model serves yet gets the first one whose own figures miss no gate; the others stay "
        "candidates, for a person to decide."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folders", nargs="+", type=Path)
        parser.add_argument("--unjudged", action="store_true", help="serve, whatever it scored")

    def handle(
        self, *args: Any, folders: list[Path], unjudged: bool = False, **options: Any
    ) -> None:
        for folder in folders:
            version = _registered(folder)
            _keep_evaluation(version, folder / EVALUATION)
            if not _is_served(version.image_kind) and (unjudged or not _missed(version)):
                model_promote(version, by=None, reason="First version of this installation")
            version.refresh_from_db()
            self.stdout.write(f"{version.name} {version.digest[:12]}: {version.status}")


def _registered(folder: Path) -> ModelVersion:
    try:
        return bundle_register(folder)
    except Refused as refusal:
        raise CommandError(f"{folder}: {refusal.detail}") from refusal


def _keep_evaluation(version: ModelVersion, path: Path) -> None:
    """Store the evaluation that was shipped; what was judged here since stays the newest."""
    if not path.exists() or evaluations_of(version).filter(source=Source.WORKER).exists():
        return
    try:
        report = report_read(path.read_bytes())
        evaluation_record(version, report=report, source=Source.IMPORTED, by=None)
    except Refused as refusal:
        raise CommandError(f"{path}: {refusal.detail}") from refusal


def _is_served(image_kind: str) -> bool:
    serving = ModelVersion.objects.filter(image_kind=image_kind, status=ModelStatus.SERVING)
    return serving.exists()


def _missed(version: ModelVersion) -> list[str]:
    """Return the gates that the bundle's own figures miss; a card is written by people, later."""
    return [one.name for one in gates_of(version) if one.passed is False and one.name != "card"]

"""`manage.py import_folds VERSION REPORT.json`: keep what `./hemaqueue train --folds` printed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hemaqueue.common.errors import Refused
from hemaqueue.evaluations.folds import folds_import
from hemaqueue.evaluations.services import report_read
from hemaqueue.registry.models import ModelVersion


class Command(BaseCommand):
    help = "Keep the report of ./hemaqueue train --folds K --json for the version of that recipe."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("version", help="the name of the version whose recipe it is")
        parser.add_argument("report", type=Path)

    def handle(self, *args: Any, version: str, report: Path, **options: Any) -> None:
        found = ModelVersion.objects.filter(name=version).first()
        if found is None:
            raise CommandError(f"No version of this installation is called {version}.")
        try:
            kept = folds_import(found, report=report_read(report.read_bytes()), by=None)
        except Refused as refusal:
            raise CommandError(f"{report}: {refusal.detail}") from refusal
        self.stdout.write(f"{found.name}, {kept.folds} folds, n = {kept.n}")

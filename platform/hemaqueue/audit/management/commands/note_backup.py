"""`manage.py note_backup`: what the launcher's backup and restore leave in the audit trail."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from hemaqueue.audit.backups import backup_record, restore_record


class Command(BaseCommand):
    help = "Note that a backup was finished, or with --restored that this system came from one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--restored", action="store_true")
        parser.add_argument("--made-at", default="")
        parser.add_argument("--files", type=int, default=0)
        parser.add_argument("--bytes", type=int, default=0)
        parser.add_argument("--seconds", type=float, default=0.0)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["restored"]:
            restore_record(made_at=options["made_at"])
        else:
            backup_record(**{name: options[name] for name in ("files", "bytes", "seconds")})

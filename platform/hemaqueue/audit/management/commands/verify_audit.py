"""`manage.py verify_audit`: recompute the hash chain; exit 1 when a link is false."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hemaqueue.audit.selectors import audit_verify


class Command(BaseCommand):
    help = "Recompute the audit trail's hash chain and report events that are not sealed yet."

    def handle(self, *args: Any, **options: Any) -> None:
        found = audit_verify()
        self.stdout.write(f"{found.sealed} sealed events, head {found.head}")
        if found.unsealed:
            self.stdout.write(f"{found.unsealed} not sealed yet, since {found.oldest_unsealed}")
        if not found.holds:
            raise CommandError(f"The chain is broken at position {found.broken_at}.")
        self.stdout.write("The chain holds.")

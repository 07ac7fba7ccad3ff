"""A text column that nobody can read on disk."""

from __future__ import annotations

from typing import Any

from django.db import models

from jobcontract import sealing


class SealedTextField(models.BinaryField):  # type: ignore[type-arg]
    """Text, encrypted with the installation's key; `purpose` binds it to its column.

    It cannot be searched. Nothing but the platform's processes can open it.
    """

    def __init__(self, *, purpose: str, **options: Any) -> None:
        self.purpose = purpose
        super().__init__(**options)

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        return name, path, args, options | {"purpose": self.purpose}

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str:
        return sealing.open_text(bytes(value), purpose=self.purpose) if value else ""

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        sealed = sealing.seal_text(value, purpose=self.purpose) if value else b""
        return super().get_db_prep_value(sealed, connection, prepared)

    def get_default(self) -> str:
        return ""

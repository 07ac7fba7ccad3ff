"""The class of every body: its values are checked before anything is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

if TYPE_CHECKING:
    Plain = serializers.Serializer[Any]
else:
    Plain = serializers.Serializer


class Body(Plain):
    """`Body.read(request)` returns the checked values of a request."""

    def to_internal_value(self, data: Any) -> Any:
        """Refuse a number where a text is described: `{"name": 0}` cannot have been meant."""
        if isinstance(data, dict) and not isinstance(data, QueryDict):
            wrong = {
                name: [serializers.CharField.default_error_messages["invalid"]]
                for name, field in self.fields.items()
                if isinstance(field, serializers.CharField)
                and not isinstance(data.get(name), str | None)
            }
            if wrong:
                raise ValidationError(wrong)
        return super().to_internal_value(data)

    @classmethod
    def read(cls, data: Any) -> dict[str, Any]:
        body = cls(data=data)
        body.is_valid(raise_exception=True)
        return dict(body.validated_data)

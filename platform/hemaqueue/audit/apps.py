from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "hemaqueue.audit"
    label = "audit"

    def ready(self) -> None:
        from hemaqueue.audit import logins  # noqa: F401

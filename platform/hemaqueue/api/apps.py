from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "hemaqueue.api"
    label = "api"

    def ready(self) -> None:
        from hemaqueue.api import schemas  # noqa: F401

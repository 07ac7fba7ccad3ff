from django.apps import AppConfig


class NextConfig(AppConfig):
    name = "tests.recovery.next"
    label = "next_release"

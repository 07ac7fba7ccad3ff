from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "hemaqueue.notices"
    label = "notices"

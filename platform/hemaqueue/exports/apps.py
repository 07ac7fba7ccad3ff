from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "hemaqueue.exports"
    label = "exports"

from django.apps import AppConfig


class SpecimensConfig(AppConfig):
    name = "hemaqueue.specimens"
    label = "specimens"

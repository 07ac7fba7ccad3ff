from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "hemaqueue.registry"
    label = "registry"

from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "hemaqueue.common"
    label = "common"

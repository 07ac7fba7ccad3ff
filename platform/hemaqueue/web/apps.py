from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "hemaqueue.web"
    label = "web"

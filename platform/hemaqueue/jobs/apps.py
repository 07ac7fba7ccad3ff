from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "hemaqueue.jobs"
    label = "jobs"

from django.apps import AppConfig


class EvaluationsConfig(AppConfig):
    name = "hemaqueue.evaluations"
    label = "evaluations"

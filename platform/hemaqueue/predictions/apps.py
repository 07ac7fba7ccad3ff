from django.apps import AppConfig


class PredictionsConfig(AppConfig):
    name = "hemaqueue.predictions"
    label = "predictions"

from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "hemaqueue.training"
    label = "training"

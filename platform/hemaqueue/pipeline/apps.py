from django.apps import AppConfig


class PipelineConfig(AppConfig):
    name = "hemaqueue.pipeline"
    label = "pipeline"

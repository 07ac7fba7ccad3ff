from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "hemaqueue.reports"
    label = "reports"

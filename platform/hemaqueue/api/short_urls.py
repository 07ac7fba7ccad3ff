"""Short addresses for scripts, and those that supervisors ask."""

from __future__ import annotations

from django.urls import path

from hemaqueue.api import health, metrics, short

app_name = "short"

urlpatterns = [
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("upload", short.UploadView.as_view(), name="upload"),
    path("predict", short.PredictView.as_view(), name="predict"),
    path("report", short.ReportView.as_view(), name="report"),
    path("report/<uuid:pk>", short.CaseReportView.as_view(), name="report_of_case"),
]

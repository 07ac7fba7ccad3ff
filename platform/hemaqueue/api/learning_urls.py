"""Addresses of what learns and what is learned from: versions, judgings, runs, data sets."""

from __future__ import annotations

from django.urls import path

from hemaqueue.api import (
    dataset_pictures,
    datasets,
    drift,
    error_readings,
    evaluations,
    proposals,
    registry,
    rescoring,
    shadowing,
    snapshots,
    training,
    versions,
    withdrawing,
)

urlpatterns = [
    path("models/", versions.ModelsView.as_view(), name="models"),
    path("models/serving/", versions.ServingView.as_view(), name="models_serving"),
    path(
        "models/<uuid:pk>/withdrawn/",
        withdrawing.ModelWithdrawnView.as_view(),
        name="model_withdrawn",
    ),
    path(
        "models/<uuid:pk>/evaluations/",
        evaluations.ModelEvaluationsView.as_view(),
        name="model_evaluations",
    ),
    path(
        "models/<uuid:pk>/against/<uuid:other>/",
        evaluations.ModelAgainstView.as_view(),
        name="model_against",
    ),
    path("models/<uuid:pk>/drift/", drift.ModelDriftView.as_view(), name="model_drift"),
    path("shadows/", shadowing.ShadowsView.as_view(), name="shadows"),
    path("shadows/<uuid:pk>/", shadowing.ShadowView.as_view(), name="shadow"),
    path("shadows/<uuid:pk>/flips/", shadowing.ShadowFlipsView.as_view(), name="shadow_flips"),
    path("shadows/<uuid:pk>/stop/", shadowing.ShadowStopView.as_view(), name="shadow_stop"),
    path("rescores/", rescoring.RescoresView.as_view(), name="rescores"),
    path("rescores/<uuid:pk>/", rescoring.RescoreView.as_view(), name="rescore"),
    path("rescores/<uuid:pk>/flips/", rescoring.RescoreFlipsView.as_view(), name="rescore_flips"),
    path(
        "rescores/<uuid:pk>/cancel/", rescoring.RescoreCancelView.as_view(), name="rescore_cancel"
    ),
    path("evaluations/", evaluations.EvaluationsView.as_view(), name="evaluations"),
    path("evaluations/<uuid:pk>/", evaluations.EvaluationView.as_view(), name="evaluation"),
    path(
        "evaluations/<uuid:pk>/pictures/",
        evaluations.EvaluationPicturesView.as_view(),
        name="evaluation_pictures",
    ),
    path(
        "evaluations/pictures/<int:pk>/reasons/",
        error_readings.ErrorReadingsView.as_view(),
        name="error_readings",
    ),
    path("models/activations/", registry.ActivationsView.as_view(), name="activations"),
    path("models/gates/", registry.GatesView.as_view(), name="gates"),
    path("models/<uuid:pk>/card/", registry.ModelCardView.as_view(), name="model_card"),
    path(
        "models/<uuid:pk>/operating-point/", registry.ModelPointView.as_view(), name="model_point"
    ),
    path("ai/", registry.AiView.as_view(), name="ai"),
    path("models/<uuid:pk>/promote/", training.ModelPromoteView.as_view(), name="model_promote"),
    path("models/<uuid:pk>/proposals/", proposals.ProposalsView.as_view(), name="proposals"),
    path(
        "models/proposals/<uuid:pk>/confirm/",
        proposals.ProposalConfirmView.as_view(),
        name="proposal_confirm",
    ),
    path(
        "models/proposals/<uuid:pk>/decline/",
        proposals.ProposalDeclineView.as_view(),
        name="proposal_decline",
    ),
    path("models/<uuid:pk>/reject/", training.ModelRejectView.as_view(), name="model_reject"),
    path("training/runs/", training.TrainingRunsView.as_view(), name="training_runs"),
    path("training/runs/<uuid:pk>/", training.TrainingRunView.as_view(), name="training_run"),
    path(
        "training/runs/<uuid:pk>/cancel/",
        training.TrainingCancelView.as_view(),
        name="training_run_cancel",
    ),
    path(
        "training/runs/<uuid:pk>/retry/",
        training.TrainingRetryView.as_view(),
        name="training_run_retry",
    ),
    path("training/preview/", training.TrainingPreviewView.as_view(), name="training_preview"),
    path("datasets/", datasets.DatasetsView.as_view(), name="datasets"),
    path("datasets/<uuid:pk>/", datasets.DatasetView.as_view(), name="dataset"),
    path("datasets/<uuid:pk>/faults/", datasets.DatasetFaultsView.as_view(), name="dataset_faults"),
    path("datasets/<uuid:pk>/import/", datasets.DatasetImportView.as_view(), name="dataset_import"),
    path(
        "datasets/<uuid:pk>/pictures/",
        dataset_pictures.DatasetPicturesView.as_view(),
        name="dataset_pictures",
    ),
    path(
        "datasets/pictures/<uuid:pk>/",
        dataset_pictures.DatasetPictureView.as_view(),
        name="dataset_picture",
    ),
    path(
        "datasets/pictures/<uuid:pk>/file/",
        dataset_pictures.DatasetPictureFileView.as_view(),
        name="dataset_picture_file",
    ),
    path(
        "datasets/pictures/<uuid:pk>/withdrawals/",
        dataset_pictures.PictureWithdrawalsView.as_view(),
        name="dataset_picture_withdrawals",
    ),
    path("snapshots/", snapshots.SnapshotsView.as_view(), name="snapshots"),
    path("snapshots/<uuid:pk>/", snapshots.SnapshotView.as_view(), name="snapshot"),
    path(
        "snapshots/<uuid:pk>/images/",
        snapshots.SnapshotImagesView.as_view(),
        name="snapshot_images",
    ),
    path(
        "snapshots/<uuid:pk>/exclusions/",
        snapshots.SnapshotExclusionsView.as_view(),
        name="snapshot_exclusions",
    ),
    path(
        "snapshots/<uuid:pk>/contradicted/",
        snapshots.SnapshotContradictedView.as_view(),
        name="snapshot_contradicted",
    ),
    path(
        "snapshots/<uuid:pk>/diff/<uuid:older>/",
        snapshots.SnapshotDiffView.as_view(),
        name="snapshot_diff",
    ),
    path("test-sets/", snapshots.FrozenView.as_view(), name="frozen_test"),
]

"""The networks that can be trained from a snapshot; a test compares them with the worker's."""

from __future__ import annotations

NETWORKS = (
    "smearnet",
    "cnn4",
    "lenet_lld",
    "boxnet",
    "vgg16",
    "resnet50",
    "inception_v3",
    "xception",
    "mobilenet",
    "mobilenet_v2",
    "efficientnet_v2b0",
    "densenet201",
    "rank_ensemble",
    "deep_svm",
    "unet",
    "regions",
)
CHANGES = ("learning_rate", "batch_size", "input_size", "patience")

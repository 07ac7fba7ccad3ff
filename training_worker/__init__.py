"""Trains, calibrates and judges networks with the code that serves them."""

import inference_worker as inference_worker  # sets TensorFlow up before its first import

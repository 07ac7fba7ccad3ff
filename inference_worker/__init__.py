"""Classifies and explains smear images: a function of its message. No Django, no database."""

from inference_worker import tensorflow_setup as tensorflow_setup  # before TensorFlow's import

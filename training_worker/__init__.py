"""Trains, calibrates and judges networks with the code that serves them."""

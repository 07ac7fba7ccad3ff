"""The platform: intake, ledger, review, reports. No TensorFlow here."""

__version__ = "0.1.0"

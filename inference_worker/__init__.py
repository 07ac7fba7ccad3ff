"""Classifies and explains smear images: a function of its message. No Django, no database."""

"""The release after this one, as far as the drill needs it: a migration that adds to tables."""

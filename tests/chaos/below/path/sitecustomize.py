"""Python imports this at its start where the harness put this folder on its path, nowhere else."""

from tests.chaos.below import seam

seam.install()

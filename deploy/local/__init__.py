"""What stands behind `./hemaqueue`. Standard library only: it runs before anything is installed."""

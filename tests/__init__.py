"""The tests of Hemaqueue, one folder per package, and the flow, chaos and browser tests."""

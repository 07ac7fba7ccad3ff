"""What every test may use. The servers are in `tests.servers`, a plugin that loads earlier."""

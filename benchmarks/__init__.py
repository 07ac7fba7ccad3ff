"""One script per published figure; each prints ratios within one run, not only times."""

"""What `benchmarks.fuzz` damages."""

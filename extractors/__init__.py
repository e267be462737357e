"""Articles → claims. Pure: no network, no files written, no clock, no randomness."""

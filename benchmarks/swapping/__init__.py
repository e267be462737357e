"""Swaps the names and numbers of an annotated article for invented ones; the annotation follows."""

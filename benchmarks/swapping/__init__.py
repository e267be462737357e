"""Swaps the names and numbers of an annotated article for invented ones, so that the annotation still holds."""

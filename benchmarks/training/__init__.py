"""Learns the choosers' weights from annotated articles; nothing here is needed to use them."""

"""Keeps and finds: the ledger of articles and claims. The only package that imports sqlite."""

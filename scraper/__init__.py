"""The web → articles. Knows HTTP, feeds and HTML; knows nothing of claims or storage."""

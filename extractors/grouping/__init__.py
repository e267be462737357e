"""Claims into statements and threads, step by step. See `extractors/threads.py`."""

"""The words of each language, in TOML; `lexicon.py` loads and checks them."""

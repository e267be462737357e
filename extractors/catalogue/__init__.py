"""Names: companies, products, places, given names and units, in TOML; `names.py` loads and checks them."""

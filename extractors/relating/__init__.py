"""How two claims relate, part by part: party, thing, amount, time, wording. See `extractors/relate.py`."""

"""How two claims relate, part by part: party, thing, amount, time, wording. `extractors/relate.py` decides."""

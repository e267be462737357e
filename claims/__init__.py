"""The front door: wires scraper, extractors and ledger, and names the command `claims`."""

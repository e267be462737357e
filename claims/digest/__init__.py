"""The digest: what a week brought, as a mail in plain text and HTML, in German or English.

    db/digest.py ─> compose.py (START HERE) ─> page.py: what stands where, in words ─> templates ─> Composed
    Composed ─> message.py ─> the mail

words/de.toml and en.toml hold every word; nothing from the web reaches a template but through page.py, which
strips what would be obeyed, and the templates escape it.
"""

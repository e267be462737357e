"""The context encoder: a small transformer that reads the article and has an opinion on every choice."""

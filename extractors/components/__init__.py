"""The pipeline's spaCy components, one file each, thin: the typed functions behind them stand beside."""

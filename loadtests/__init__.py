"""Many shoppers at once, the audit that ends every run, and measured comparisons."""

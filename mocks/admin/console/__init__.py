"""The console: pages on which people without code see and do what the admin API sees and does."""

"""What must hold between the books and the records, and what the books say."""

"""What a training institution does: its accounts and its courses."""

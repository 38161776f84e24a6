"""What implements the store port: in memory, in an LMDB file."""

"""One shop for all marketplaces: each site adds its paths, fields and words."""

"""Bukalapak: the v4 API with its OAuth, the partner paths, and the older v2."""

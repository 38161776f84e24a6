"""Tokopedia: the consumer's side of digital goods, and the partner's side for institutions."""

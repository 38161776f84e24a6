"""Kartu Prakerja: waves, rules, purchases, redemption, learning, incentives."""

"""A training institution: voucher page, learning, certificate."""

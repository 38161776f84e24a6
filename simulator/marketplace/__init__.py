"""What every marketplace does: accounts, orders, vouchers, refunds, reviews, webhooks, deposits."""

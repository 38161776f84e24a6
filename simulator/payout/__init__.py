"""The banks and e-wallets that pay incentives, with books of their own."""

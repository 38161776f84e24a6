"""Banks and e-wallets that pay incentives."""

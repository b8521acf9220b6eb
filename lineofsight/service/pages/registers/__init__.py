"""Registers that grow out of public statements: posts, reviews, directions, and who holds which duty."""

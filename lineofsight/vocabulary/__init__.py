"""What every package shares: identifiers, days, moments and code sets. Standard library only."""

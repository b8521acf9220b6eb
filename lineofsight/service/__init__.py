"""The one Django app: it owns people, sessions, forms, addresses and the ledger. Start at receive/recipe.py."""

"""The record: its one schema, its entries, how they are sealed, and how history is read from them."""

"""How a delivery becomes part of the record. Start at `recipe`."""

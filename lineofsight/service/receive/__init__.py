"""How a delivery is received: `recipe` reads it a line a step; begin there."""

"""Deliveries: what came, what is late, what was found, what waits for a word, and delivering on the page."""

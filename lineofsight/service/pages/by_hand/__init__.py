"""A statement entered by hand: a delivery of one entry, for those signed in."""

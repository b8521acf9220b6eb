"""A person's rights: everything held about them, and what they say is wrong."""

"""Pages about how long records are kept, and erasing those that are due."""

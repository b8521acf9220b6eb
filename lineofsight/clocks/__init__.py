"""What the law requires by when: each limit as data with its source, and from rows to days due."""

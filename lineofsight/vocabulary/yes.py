"""The words by which sources say yes and no, in small letters (counting rule 9)."""

YES = ("yes", "y", "1", "true")
NO = ("no", "n", "0", "false")

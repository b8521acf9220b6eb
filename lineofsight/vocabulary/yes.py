"""The words by which sources say yes, in small letters (counting rule 9)."""

YES = ("yes", "y", "1", "true")

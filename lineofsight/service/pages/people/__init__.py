"""People: who holds which role, who looked at a child, restricting a child, and opening one with a reason."""

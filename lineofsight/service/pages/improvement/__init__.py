"""What was promised, done and asked, for those signed in: actions, obligations, questions and gates."""

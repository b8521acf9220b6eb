"""Who answers for a child on a day: states and their reasons, caseloads, trends, and how one figure became another."""

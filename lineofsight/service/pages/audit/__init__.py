"""The auditor's page: heads, seals, counts, hashes and the history of roles. It shows no child."""

"""The service of one authority: today, who has nobody, one child, teams and workers, a figure and its definition."""

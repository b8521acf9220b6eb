"""Inspections, what they found, what a person completed, and findings that return."""

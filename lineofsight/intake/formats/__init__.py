"""Intake formats: each turns the files of a delivery into a reading."""

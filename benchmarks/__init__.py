"""Benchmarks: the promises that have a figure, each beside a plain way of doing the same, in one run."""

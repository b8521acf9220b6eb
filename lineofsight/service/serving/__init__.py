"""Serving over HTTP: a supervisor that keeps worker processes running, and workers that slow clients cannot hold up."""

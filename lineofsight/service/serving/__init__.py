"""Serving over HTTP: a supervisor keeps worker processes running; slow clients cannot hold the workers up."""

"""Signing in: a password and a second step here, or the organisation's own sign-in server."""

"""Questions of elected members: read by anybody, asked by members, answered by those who run the service."""

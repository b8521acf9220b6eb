"""What a load balancer or a container asks: whether this process answers, and whether it can serve pages."""

"""Whether an install is in order: what `doctor` finds, what a load balancer is told, and numbers for a monitor."""

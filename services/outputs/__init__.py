"""What people look at: the evidence page."""

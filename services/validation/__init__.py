"""ValidationService: calls, checks and the report."""

"""`heyan`, the command line."""

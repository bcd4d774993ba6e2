"""One file in, several out."""

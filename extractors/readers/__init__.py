"""Bytes to Document, one file or room per format."""

"""Accuracy and speed of what is committed. Every benchmark ends with one line of JSON figures."""

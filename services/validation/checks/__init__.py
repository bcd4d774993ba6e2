"""One file a check; importing this package registers them all."""

"""Pictures to lines: the engine protocol, its engines, and the inks of a page."""

"""Whether every cell of a scanned form's ruled tables is read, in its place: drawn by another hand."""

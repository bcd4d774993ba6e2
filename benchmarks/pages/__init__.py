"""How well a page is read under each condition of scanners, copiers, faxes and phones: drawn by another hand."""

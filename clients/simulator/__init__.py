"""A make-believe call: societies, forms, letters, seals, scans and planted defects, with the truth beside."""

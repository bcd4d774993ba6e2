"""IntakeService: uploads and submissions that are kept, and the durable work on them."""

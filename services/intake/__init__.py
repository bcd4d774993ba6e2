"""IntakeService: uploads, submissions and durable work (UNIMPLEMENTED so far)."""

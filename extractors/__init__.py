"""What does a document state? Pure: no network, database, clock, environment or gRPC."""

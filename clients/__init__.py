"""Whoever calls the services: the typed client, the command line and the simulator. They only speak gRPC."""

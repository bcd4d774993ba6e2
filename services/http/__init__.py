"""The same methods for those who speak HTTP and not gRPC: Connect and JSON, forms, OpenAPI. An adapter: what answers is
the gRPC server of this process."""

"""Is it acceptable? The rules of a call, and the gRPC services in front of them."""

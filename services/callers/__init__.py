"""Who calls, and what they may: tokens, certificates, scopes, quotas, listeners."""

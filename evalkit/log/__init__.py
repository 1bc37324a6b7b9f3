"""The append-only log: events, their hash chains, and where they are stored."""

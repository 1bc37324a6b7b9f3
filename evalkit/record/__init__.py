"""The log of a round: append-only events, one hash chain per author, on SQLite."""

"""Which experts score which applicants: the declared requirements met, by an exact solver."""

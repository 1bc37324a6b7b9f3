"""A plan's year: the ledger that its office keeps, and how far the plan is on a day."""

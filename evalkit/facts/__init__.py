"""What was entered in a round: experts' scores as columns, measured values, conditions of entry."""

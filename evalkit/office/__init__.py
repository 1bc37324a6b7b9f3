"""The office that keeps the records of applicants between rounds: its file, and what follows."""

"""What each reader may see of the results: an applicant, the panel, an expert, the public."""

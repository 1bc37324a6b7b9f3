"""Files that people make with other programs."""

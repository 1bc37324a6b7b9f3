"""The warm engine against a real kernel, and what notebooks may do to each other in it."""

"""A published table of indicators, in Word or pasted as text, read into the draft of a rubric."""

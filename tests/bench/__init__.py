"""Timings: run with ``make bench``; nothing here asserts."""

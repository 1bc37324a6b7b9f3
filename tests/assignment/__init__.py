"""Tests of evalkit.assignment."""

"""Tests of `evalkit.facts`."""

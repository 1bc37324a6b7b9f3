"""Tests of `evalkit.evaluation`."""

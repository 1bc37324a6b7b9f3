"""Tests of `evalkit.reports`."""

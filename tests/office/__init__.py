"""Tests of `evalkit.office`."""

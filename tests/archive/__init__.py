"""Tests of `evalkit.archive`."""

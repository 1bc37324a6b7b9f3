"""Tests of `evalkit.base`."""

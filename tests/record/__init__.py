"""Tests of `evalkit.record`."""

"""Tests of `evalkit.disclosure`."""

"""Tests of `evalkit.figures`."""

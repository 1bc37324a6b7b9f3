"""Tests of `evalkit.rubric`."""

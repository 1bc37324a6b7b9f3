"""Tests of `evalkit.pages`."""

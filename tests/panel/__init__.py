"""Tests of `evalkit.panel`."""

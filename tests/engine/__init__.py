"""Tests of `evalkit.engine`."""

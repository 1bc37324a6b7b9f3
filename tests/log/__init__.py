"""Tests of `evalkit.log`."""

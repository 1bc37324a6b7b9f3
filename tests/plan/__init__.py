"""Tests of `evalkit.plan`."""

"""Tests of `evalkit.drafting`."""

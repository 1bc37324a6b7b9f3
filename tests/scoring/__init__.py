"""Tests of `evalkit.scoring`."""

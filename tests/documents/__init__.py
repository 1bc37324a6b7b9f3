"""Tests of `evalkit.documents`."""

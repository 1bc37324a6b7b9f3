"""Tests of `evalkit.workbench`."""

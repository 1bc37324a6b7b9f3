"""Tests of the room `appeal`."""

"""Kernels of scoring: arrays of exact whole numbers in and out, no files, no rules of their own."""

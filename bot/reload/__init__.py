"""Lessons that change while the program runs: noticed, read aside, published whole."""

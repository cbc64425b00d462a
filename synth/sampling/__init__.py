"""Sampling: which calls to make, when to stop, and what the answers say about a question."""

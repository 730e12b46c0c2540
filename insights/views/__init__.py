"""Desks and overviews."""

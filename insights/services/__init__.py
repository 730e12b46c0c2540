"""Writes of the overviews: carrying out what is kept for how long."""

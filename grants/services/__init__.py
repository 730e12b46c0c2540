"""Writes of the grants app: verbs, one file an aggregate."""

"""Writes of the reviews app: verbs, one file an aggregate."""

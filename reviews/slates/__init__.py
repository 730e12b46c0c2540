"""Putting a slate together: what it is made of, and a program that suggests one. Pure Python; knows no tables."""

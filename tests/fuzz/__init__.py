"""Hostile requests to every address: what is sent (`payloads`), to where (`plan`), and what is an error (`judging`)."""

from config.local.place import CHECKOUT

# What each part of a run writes down.
RESULTS = CHECKOUT / "var" / "fuzz"

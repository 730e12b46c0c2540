"""A scripted day of applications while parts of the system are killed, paused, filled up and set to a wrong time."""

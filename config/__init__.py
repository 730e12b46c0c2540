"""Configuration. Nothing is loaded here, so that what needs neither Django nor Celery starts at once."""

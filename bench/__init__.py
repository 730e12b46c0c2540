"""Measurements: what each page costs at 1,000, 10,000 and 100,000 applications, and what the system withstands."""

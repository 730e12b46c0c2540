"""Settings by environment variable: base, then one small file for each place the code runs."""

"""The demo: an invented programme with partners, applications and people, made through the services.

`content/` holds what they are called and what they write; the modules say what happens. Nobody in it is real, and the
two communities get the same number of everything.
"""

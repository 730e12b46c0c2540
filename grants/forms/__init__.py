"""Forms of the grants app: they judge the shape of what is typed; services judge whether it may be."""

"""Forms of the reviews app: they validate shape; services enforce the law."""

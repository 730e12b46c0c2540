"""What development, the demo and the tests need and production never imports: engines, supervisor, mail sink."""

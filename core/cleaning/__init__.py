"""Files made harmless: what says who made them is taken out, what would run is refused.

The readers of pictures, PDFs and office files work on what strangers sent. They therefore run in a process of their own
(`apart`), which may take so much memory and time and no more, and knows neither keys nor database.
"""

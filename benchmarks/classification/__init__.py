"""How well tickets are classified, beside what one would have used instead, in quality, honesty, time and memory."""

"""Quality and speed, measured beside what one would have used instead; `make bench` runs all of it."""

"""What the learning loop gives."""

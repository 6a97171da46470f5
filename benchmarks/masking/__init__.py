"""How much personal data masking finds, and how much of what it masks is none."""

"""How well the learning loop looks at data and learns from people."""

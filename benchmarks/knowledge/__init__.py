"""How well the knowledge base does what it promises, measured on bases made for the question."""

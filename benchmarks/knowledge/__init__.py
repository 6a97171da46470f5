"""What the knowledge base finds, beside its peers."""

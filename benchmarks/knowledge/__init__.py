"""The knowledge base measured: speed, size and faults, beside other engines."""

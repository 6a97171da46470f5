"""The command line: learn, decide, find again, serve."""

from stellwerk.entrance import main

__all__ = ["main"]

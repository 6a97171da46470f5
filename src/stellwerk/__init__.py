"""The command line: learn, decide, find again, serve."""

from stellwerk.app import main

__all__ = ["main"]

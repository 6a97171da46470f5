"""The door for programs and people: HTTP, and a web page."""

from service.app import create_app

__all__ = ["create_app"]

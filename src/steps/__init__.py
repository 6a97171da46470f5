"""Steps of work, told to whoever watches: their names, numbers and durations, never words.

The rooms say where a step begins and ends; a door says who watches, and for which work. Without anybody who watches a
step costs one look at a variable.
"""

from steps.step import Watch, carried, step, watched_by

__all__ = ["Watch", "carried", "step", "watched_by"]

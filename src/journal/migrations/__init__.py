"""How the journal's tables came to be, one revision a module, in the order of their numbers.

A revision is never changed once it was released. After all of them the tables are what `journal.schema` says.
"""

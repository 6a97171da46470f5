"""``python -m stellwerk`` is the same as ``stellwerk``."""

from stellwerk.entrance import main

if __name__ == "__main__":
    main()

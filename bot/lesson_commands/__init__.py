"""The commands for lesson files, one module each; `__main__` registers them."""

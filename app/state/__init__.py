"""The page's state, how an address says it and how controls change it."""

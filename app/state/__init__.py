"""The page's state, its serialisation in the URL, and edits by the controls."""

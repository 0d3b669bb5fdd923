"""The page against a naive Dash page of the same four plots."""

"""The page's Dash callbacks."""

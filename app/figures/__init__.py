"""The figures of the Explore tab, and what the tabs' figures share."""

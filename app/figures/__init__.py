"""The figures of the Explore tab, and the parts shared by the figures of all tabs."""

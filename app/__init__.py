"""The page: an experiment in the address, four plots, and the tabs around them."""

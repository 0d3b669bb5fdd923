"""The experiment: its parameters, its contenders, and its text in an address."""

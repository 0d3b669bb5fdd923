"""The gradient noise and the random streams that it is drawn from."""

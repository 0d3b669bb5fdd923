"""Running an experiment: trajectories, escape times, and the work budget."""

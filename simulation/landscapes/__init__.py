"""The loss functions: one module a landscape, and a registry."""

"""Loss functions: one module per landscape, and a registry."""

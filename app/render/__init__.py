"""A page state in, figures and props out."""

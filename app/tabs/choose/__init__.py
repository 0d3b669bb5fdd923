"""The Choose β tab."""

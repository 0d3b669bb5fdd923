"""The Distribution tab."""

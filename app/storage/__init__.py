"""The result cache and the cached interface to the engine."""

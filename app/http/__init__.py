"""HTTP endpoints and what every response passes through."""

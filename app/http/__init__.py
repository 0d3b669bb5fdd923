"""HTTP endpoints, and the hooks that every request and response passes through."""

"""The WSGI application, gunicorn's configuration and the health check."""

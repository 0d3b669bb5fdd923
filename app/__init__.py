"""The web application: its state is the URL, its page four plots and a row of tabs."""

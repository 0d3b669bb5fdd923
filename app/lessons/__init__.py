"""The lessons: one Markdown file a step."""

"""Wording, figures, charts and citations of an answer."""

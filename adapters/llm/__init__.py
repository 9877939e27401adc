"""A language model behind an OpenAI-compatible server: optional, late, and never trusted."""

"""References without a database, for playing Teams."""

from adapters.teams.references import InMemory as PlainReferences

__all__ = ["PlainReferences"]

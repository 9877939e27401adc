"""Forms that wait for a tap: a chat cannot open a dialog by itself, a button below the answer can."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from coaching.people import Person
from coaching.values import Form

_HALF_AN_HOUR = timedelta(minutes=30)


@dataclass(slots=True)
class Waiting:
    """Bounded and in memory only: a form may be prefilled with what a person wrote."""

    bound: int = 1000
    _forms: OrderedDict[str, tuple[Person, datetime, Form]] = field(default_factory=OrderedDict, repr=False)

    def put(self, key: str, who: Person, at: datetime, form: Form) -> None:
        """Keep a form for this person."""
        self._forms[key] = (who, at, form)
        while len(self._forms) > self.bound:
            self._forms.popitem(last=False)
        self.sweep(at)

    def sweep(self, at: datetime) -> None:
        """Let go of what is too old to be opened: the clock asks for it, whoever else comes or not."""
        while self._forms and self._oldest() < at - _HALF_AN_HOUR:
            self._forms.popitem(last=False)

    def _oldest(self) -> datetime:
        return next(iter(self._forms.values()))[1]

    def get(self, key: str, who: Person, at: datetime) -> Form | None:
        """The form, if it is this person's and not too old; it stays, so that it can be opened again."""
        found = self._forms.get(key)
        if found is None or found[0] != who or at - found[1] > _HALF_AN_HOUR:
            return None
        return found[2]

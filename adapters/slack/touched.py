"""In which modals something was done since: what one showed before is not put back."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

_MOST_VIEWS = 1000


@dataclass(slots=True)
class Touched:
    """By a view's id, how often; in memory, the oldest make room."""

    _views: OrderedDict[str, int] = field(default_factory=OrderedDict)

    def touch(self, view: str) -> None:
        """Something was done in it."""
        if view:
            self._views[view] = self._views.pop(view, 0) + 1
            while len(self._views) > _MOST_VIEWS:
                self._views.popitem(last=False)

    def rests(self, view: str) -> Callable[[], bool]:
        """Asks later on whether nothing was done in it from now on."""
        before = self._views.get(view)
        return lambda: self._views.get(view) == before

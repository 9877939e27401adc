"""The forms the page was given, so that what comes back is read by the server's own field kinds."""

from collections import OrderedDict
from dataclasses import dataclass, field, replace

from coaching.values import Form

_BOUND = 200  # screens; a person has one open, and perhaps another tab


@dataclass(slots=True)
class OpenForms:
    """Every screen shown in a dialog, by a handle. The oldest make room; nobody's words are kept here."""

    bound: int = _BOUND
    _last: int = 0
    _forms: OrderedDict[str, Form] = field(default_factory=OrderedDict)

    def opened(self, form: Form) -> str:
        """The handle under which this form comes back."""
        self._last += 1
        handle = f"f{self._last}"
        blank = tuple(
            replace(spec, text=None) for spec in form.fields
        )  # a prefilled text is somebody's words
        self._forms[handle] = Form(form.id, form.title, fields=blank, state=form.state)
        while len(self._forms) > self.bound:
            self._forms.popitem(last=False)
        return handle

    def answered(self) -> str:
        """The handle of an answer shown in a dialog: its buttons come back without any form's state."""
        return self.opened(Form("", ""))

    def find(self, handle: str) -> Form | None:
        """The form behind a handle: its id, state and fields; None if it is not open any more."""
        return self._forms.get(handle)

"""A form's fields → HTML: every kind a real control with its label, hint and problem."""

from collections.abc import Callable, Mapping
from html import escape
from types import MappingProxyType
from typing import TypeAlias

from coaching.playbook.wording import Wording
from coaching.values import Field, Kind, Option

_FEW = 8  # options that are shown side by side; more go into a list


def field_html(spec: Field, handle: str, wording: Wording, prefill: str, *, mark: bool = True) -> str:
    """The field with its label. `prefill` is escaped already; it fills LINE and TEXT; `mark` the optional."""
    name = f"{handle}-{spec.name}"
    about = [f"{name}-{part}" for part, text in (("hint", spec.hint), ("problem", spec.problem)) if text]
    shared = f' name="{escape(spec.name)}"' + (' aria-invalid="true"' if spec.problem else "")
    described = f' aria-describedby="{escape(" ".join(about))}"' if about else ""
    optional = f' <span class="optional">{escape(wording.label("web.optional"))}</span>'
    label = escape(spec.label) + (optional if spec.optional and mark else "")
    hint = f'<p class="hint" id="{escape(name)}-hint">{escape(spec.hint)}</p>' if spec.hint else ""
    problem = (
        f'<p class="problem" id="{escape(name)}-problem">{escape(spec.problem)}</p>' if spec.problem else ""
    )
    if spec.kind is Kind.MANY or (spec.kind is Kind.ONE and len(spec.options) <= _FEW):
        return (
            f'<fieldset class="field" data-kind="{spec.kind.value}"{described}><legend>{label}</legend>'
            f"{hint}{_chips(spec, name, shared)}{problem}</fieldset>"
        )
    control = _CONTROLS[spec.kind](spec, f' id="{escape(name)}"{shared}{described}', wording, prefill)
    return (
        f'<div class="field" data-kind="{spec.kind.value}">'
        f'<label for="{escape(name)}">{label}</label>{hint}{control}{problem}</div>'
    )


def _chips(spec: Field, name: str, shared: str) -> str:
    sort = "checkbox" if spec.kind is Kind.MANY else "radio"
    loose = " data-loose" if spec.optional else ""  # a radio that may be taken back
    chips = "".join(
        f'<label class="chip"><input type="{sort}" id="{escape(name)}-{number}" value="{escape(option.id)}"'
        f"{shared}{' checked' if option.id in spec.picked else ''}{loose}>"
        f"<span>{escape(option.label)}</span></label>"
        for number, option in enumerate(spec.options)
    )
    return f'<div class="chips">{chips}</div>'


def _line(spec: Field, attributes: str, wording: Wording, prefill: str) -> str:
    del wording
    return (
        f'<input type="text" autocomplete="off" value="{prefill}" data-limit="{spec.limit}"'
        f"{_sealed(spec)}{attributes}>"
    )


def _area(spec: Field, attributes: str, wording: Wording, prefill: str) -> str:
    del wording
    return (  # the line end after the tag is the one a browser drops; a prefilled one then stays
        f'<textarea autocomplete="off" rows="4" dir="auto" data-limit="{spec.limit}"'
        f"{_sealed(spec)}{attributes}>\n{prefill}</textarea>"
    )


def _sealed(spec: Field) -> str:
    """A sealed box is not sent to a spelling service, not completed, and dissolves when it is sent."""
    return ' data-sealed spellcheck="false" autocorrect="off" autocapitalize="off"' if spec.sealed else ""


def _select(spec: Field, attributes: str, wording: Wording, prefill: str) -> str:
    del prefill
    return _options(spec, spec.options, attributes, wording)


def _channel(spec: Field, attributes: str, wording: Wording, prefill: str) -> str:
    del prefill
    return _options(spec, (Option("team", wording.label("web.team")),), attributes, wording)


def _options(spec: Field, options: tuple[Option, ...], attributes: str, wording: Wording) -> str:
    blank = f'<option value="">{escape(wording.label("web.pick"))}</option>'
    made = "".join(
        f'<option value="{escape(option.id)}"{" selected" if option.id in spec.picked else ""}>'
        f"{escape(option.label)}</option>"
        for option in options
    )
    return f"<select{attributes}>{blank}{made}</select>"


def _input(sort: str) -> "_Control":
    def control(spec: Field, attributes: str, wording: Wording, prefill: str) -> str:
        del wording, prefill
        value = escape(spec.picked[0]) if spec.picked else ""
        return f'<input {sort} autocomplete="off" value="{value}"{attributes}>'

    return control


_Control: TypeAlias = Callable[[Field, str, Wording, str], str]

_CONTROLS: Mapping[Kind, _Control] = MappingProxyType(
    {
        Kind.LINE: _line,
        Kind.TEXT: _area,
        Kind.ONE: _select,
        Kind.TIME: _input('type="time"'),
        Kind.DATE: _input('type="date"'),
        Kind.ZONE: _input('type="text" list="zones" spellcheck="false"'),
        Kind.CHANNEL: _channel,
    }
)

"""A picture of counts over time as inline SVG: numbers of ours, and names of rules."""

from html import escape

from coaching.picture import Bar, Picture

_STEP, _SIZE, _NAME, _ROW = 16, 12, 34, 20  # from bar to bar, its side, room for the name, from row to row


def picture_html(picture: Picture) -> str:
    """The drawing; whoever cannot see it has its sentence and the same in signs."""
    widest = max((len(strip.bars) for strip in picture.strips), default=0)
    width, height = _NAME + widest * _STEP, len(picture.strips) * _ROW
    rows = "".join(
        f'<text class="strip" x="0" y="{row * _ROW + _SIZE - 1}">{escape(strip.label)}</text>'
        + "".join(_bar(bar, _NAME + place * _STEP, row * _ROW) for place, bar in enumerate(strip.bars))
        for row, strip in enumerate(picture.strips)
    )
    said = escape("\n".join((picture.says, *picture.text)))
    return (
        f'<svg class="picture" role="img" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f"<title>{said}</title>{rows}</svg>"
    )


def _bar(bar: Bar, x: int, y: int) -> str:
    """Filled from below as far as it was there; a dot where there is nothing to go by."""
    if not bar.full + bar.open:
        return f'<circle class="none" cx="{x + _SIZE // 2}" cy="{y + _SIZE // 2}" r="1.5"/>'
    full = round(bar.share * _SIZE)
    there = (
        f'<rect class="full" x="{x}" y="{y + _SIZE - full}" width="{_SIZE}" height="{full}"/>' if full else ""
    )
    return f'<rect class="open" x="{x}" y="{y}" width="{_SIZE}" height="{_SIZE}"/>{there}'

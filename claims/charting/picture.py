"""A plot as SVG or PNG, drawn by matplotlib: loaded for pictures only, it takes half a second to import.

The same plot gives the same bytes: nothing of the clock, of chance or of the user's own style goes in. Text
in an SVG stays text, so that it can be searched, copied and read aloud. Names are drawn as they are.
"""

from __future__ import annotations

import io
import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from claims.charting import describe
from claims.charting.panels import STEPS, Panel, Plot, When, statuses
from claims.charting.words import Words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Told apart by people who see few colours, too, and each dark enough for text on white.
COLOURS = ("#0b5394", "#b0490a", "#14735a", "#8e2c6a", "#8a6a00", "#9a1f1f")
INK, SOFT, FAINT, OTHER = "#1a1a1a", "#595959", "#dddddd", "#595959"


@dataclass(frozen=True, slots=True)
class Style:
    """Sizes in inches, points and dots an inch. `compact`: without the line of sources."""

    width: float
    panel: float
    text: float
    dpi: int
    compact: bool = False


PAGE = Style(width=8.4, panel=3.9, text=9.5, dpi=160)
# Narrow, with its letters as large as a phone needs that shows it at 330 pixels.
MAIL = Style(width=4.2, panel=2.3, text=8.5, dpi=240, compact=True)


def svg(plot: Plot, words: Words, style: Style = PAGE) -> bytes:
    """The plot as an SVG file with its title and what it shows in words."""
    with _drawn(plot, words, style) as figure:
        told = {"Title": describe.alternative(plot, words), "Date": None, "Creator": None, "Format": None}
        out = io.BytesIO()
        figure.savefig(out, format="svg", metadata=told)
        return out.getvalue()


def png(plot: Plot, words: Words, style: Style = PAGE, *, largest: int | None = None) -> bytes:
    """The plot as a PNG file, in few colours: a third of the size, and no difference to see.

    `largest`: bytes, for which it gets by with still fewer.
    """
    from PIL import Image

    with _drawn(plot, words, style) as figure:
        figure.set_dpi(style.dpi)
        canvas: Any = figure.canvas
        canvas.draw()
        size, pixels = canvas.get_width_height(), canvas.buffer_rgba()
        image = Image.frombuffer("RGBA", size, pixels, "raw", "RGBA", 0, 1).convert("RGB")
    for shades in (6, 4, 3):
        out = io.BytesIO()
        palette = Image.new("P", (1, 1))
        palette.putpalette(_palette(shades))
        image.quantize(palette=palette, dither=Image.Dither.NONE).save(out, "png", optimize=True)
        if largest is None or out.tell() <= largest:
            break
    return out.getvalue()


def _palette(shades: int) -> list[int]:
    """White, and our colours in steps towards it; the most frequent colours would lack the faint ones."""
    found = [255, 255, 255]
    for name in (INK, SOFT, FAINT, *COLOURS):
        colour = [int(name[at : at + 2], 16) for at in (1, 3, 5)]
        for step in range(shades):
            part = (step + 1) / shades
            found += [round(255 + (each - 255) * part) for each in colour]
    return found


_SETTINGS: dict[str, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "claims",
    "font.family": ["DejaVu Sans", "Verdana", "sans-serif"],
    "text.parse_math": False,
    "axes.edgecolor": SOFT,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "text.color": INK,
}


@contextmanager
def _drawn(plot: Plot, words: Words, style: Style) -> Iterator[Figure]:
    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # it tells of its font cache
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    from claims.charting.axes import draw_panel

    panels = plot.panels
    with matplotlib.rc_context(), warnings.catch_warnings():
        matplotlib.rcdefaults()
        settings: Any = matplotlib.rcParams  # its type knows every name, ours are a table
        settings.update(_SETTINGS | {"font.size": style.text})
        warnings.filterwarnings("ignore", message="Glyph")  # a letter that the font lacks becomes a box
        places = _Places(style, len(panels), bool(relations(panels)))
        figure = Figure(figsize=(style.width, places.height), dpi=100, facecolor="white")
        FigureCanvasAgg(figure)
        _head(figure, plot, words, style, places)
        unlabelled = 0
        for number, panel in enumerate(panels):
            axes = figure.add_axes(places.of(number))
            unlabelled += draw_panel(axes, panel, words, style)
        _legend(figure, panels, words, style)
        _foot(figure, plot, words, style, unlabelled)
        yield figure


class _Places:
    """Where everything stands, in inches from the lower edge."""

    def __init__(self, style: Style, panels: int, linked: bool) -> None:
        self._style = style
        one = style.panel if panels == 1 else style.panel * 0.72
        self._panel, self._between = one, 0.8
        self.foot = (0.62 if style.compact else 0.98) + linked * style.text / 40
        self.head = 0.7 if style.compact else 1.1
        self.height = self.foot + panels * one + (panels - 1) * self._between + self.head
        self._panels = panels

    def of(self, number: int) -> tuple[float, float, float, float]:
        """The axes of a panel in parts of the figure; the first stands on top."""
        left, right = (0.9, 0.35) if not self._style.compact else (0.78, 0.2)
        bottom = self.foot + (self._panels - 1 - number) * (self._panel + self._between)
        width, height = self._style.width, self.height
        return left / width, bottom / height, (width - left - right) / width, self._panel / height


def _head(figure: Figure, plot: Plot, words: Words, style: Style, places: _Places) -> None:
    left, size = 0.22 / style.width, style.text * (1.25 if style.compact else 1.55)
    text = describe.title(plot, words)
    line = figure.text(left, 1 - 0.2 / places.height, text, va="top", size=size, weight="bold")
    while line.get_window_extent().x1 > figure.bbox.x1 * (1 - left) and len(text) > 1:
        text = describe.short(text, len(text) - 1)
        line.set_text(text)
    if not style.compact:
        figure.text(left, 1 - 0.54 / places.height, words("chart.caption"), va="top", color=SOFT)


def _legend(figure: Figure, panels: Sequence[Panel], words: Words, style: Style) -> None:
    """What the forms mean: of each status, and below of each link that there is."""
    from matplotlib.lines import Line2D

    from claims.charting.axes import LINES, marker

    points = [point for panel in panels for point in panel.points]
    forms = [
        Line2D([], [], linestyle="none", label=words(f"status.{status}"), **marker(status, INK, 7))
        for status in statuses(points)
    ]
    lines = [
        Line2D([], [], color=INK, linewidth=1.2, linestyle=LINES[name], label=words(f"relation.{name}"))
        for name in relations(panels)
    ]
    low = 0.06 if style.compact else 0.4
    for handles, row in ((forms, bool(lines)), (lines, 0)):
        if handles:
            figure.legend(
                handles=handles,
                loc="lower left",
                bbox_to_anchor=(0.14 / style.width, (low + row * style.text / 40) / figure.get_figheight()),
                ncols=len(handles),
                frameon=False,
                handletextpad=0.5,
                columnspacing=1.4,
                borderpad=0,
                handlelength=1.6,
                labelcolor=INK,
                fontsize=style.text,
            )


def relations(panels: Sequence[Panel]) -> list[str]:
    """Which steps are drawn, each once."""
    there = {link.relation for panel in panels for link in panel.links}
    return [name for name in STEPS if name in there]


def _foot(figure: Figure, plot: Plot, words: Words, style: Style, unlabelled: int) -> None:
    if style.compact:
        return
    notes = [describe.origin(plot, words)]
    if plot.left_out:
        notes.append(words("chart.amountless", number=plot.left_out))
    if any(point.when is When.UNDUE for panel in plot.panels for point in panel.points):
        notes.append(words("chart.undue"))
    if any(point.begin for panel in plot.panels for point in panel.points):
        notes.append(words("chart.bar"))
    if unlabelled:
        notes.append(words("chart.unlabelled", number=unlabelled))
    text = "  ·  ".join(notes)
    figure.text(0.22 / style.width, 0.14 / figure.get_figheight(), text, color=SOFT, size=style.text * 0.82)

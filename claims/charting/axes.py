"""One panel of a picture: axes, points, the steps between them, and labels that do not overlap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

from claims.charting import describe
from claims.charting.labels import Box, along, anchor, around, placed
from claims.charting.panels import Panel, Point, When
from claims.charting.picture import COLOURS, FAINT, INK, OTHER, SOFT, Style
from claims.charting.ticks import shown, ticks
from claims.charting.words import SCALED, Words
from extractors.claim import Status

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text

# How a step between two statements is drawn; told apart without colour.
LINES: dict[str, Any] = {
    "revision": "-",
    "outcome": (0, (1, 1.6)),
    "contradiction": (0, (5, 2.5)),
    "denial": (0, (5, 2, 1, 2)),
}
_SIZE = 8.5  # points, a mark's width
# Amounts further apart than this are drawn on a logarithmic scale: the small ones would lie on the axis.
_FAR = 60


def marker(status: Status, colour: str, size: float = _SIZE) -> dict[str, Any]:
    """The form of a status: empty while it is only said, full when it is so, crossed out when denied."""
    forms = {Status.PLANNED: "o", Status.EXPECTED: "D", Status.ACTUAL: "s", Status.DENIED: "X"}
    empty = status in {Status.PLANNED, Status.EXPECTED}
    return {
        "marker": forms[status],
        "markersize": size * (0.88 if status is Status.EXPECTED else 1.15 if status is Status.DENIED else 1),
        "markerfacecolor": "white" if empty else colour,
        "markeredgecolor": colour,
        "markeredgewidth": 1.9 if empty else 0.8,
    }


def colour_of(point: Point) -> str:
    """By its series; from the seventh on all alike."""
    return COLOURS[point.series] if point.series < len(COLOURS) else OTHER


def draw_panel(axes: Axes, panel: Panel, words: Words, style: Style) -> int:
    """Draws it; returns how many points found no room for a label."""
    _scales(axes, panel, words, style)
    _headings(axes, panel, words, style)
    for link in panel.links:
        if link.relation in LINES:
            _step(axes, panel.points[link.earlier], panel.points[link.later], link.relation)
    for point in panel.points:
        _point(axes, point, style)
    return _labels(axes, panel, words, style)


def _scales(axes: Axes, panel: Panel, words: Words, style: Style) -> None:
    days = [day for point in panel.points for day in (point.day, point.begin) if day]
    first, last = shown(days)
    marks = ticks(first, last, words, most=5 if style.compact else 7)
    axes.set_xlim(first, last)
    axes.set_xticks([at for at, _ in marks], [name for _, name in marks])
    ends = [end for p in panel.points for end in (p.amount, p.low, p.high) if end is not None]
    if is_far(panel):
        axes.set_yscale("log")
        axes.set_ylim(min(ends) / 2.2, max(ends) * 2.6)
        axes.yaxis.set_major_locator(LogLocator(numticks=6))
        axes.yaxis.set_minor_locator(NullLocator())
    else:
        low, high = min(0.0, *ends), max(0.0, *ends)
        room = (high - low) or 1.0
        axes.set_ylim(low - room * 0.12 * (low < 0), high + room * 0.22)
        axes.yaxis.set_major_locator(MaxNLocator(4 if style.compact else 5, steps=[1, 2, 2.5, 5, 10]))
    unit = panel.unit if panel.unit in SCALED else "units"
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: words.figure(value, unit)))
    axes.tick_params(length=0, labelsize=style.text * 0.92)
    axes.xaxis.set_tick_params(length=3)
    axes.grid(axis="y", color=FAINT, linewidth=0.8)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)


def is_far(panel: Panel) -> bool:
    """Whether the panel needs a logarithmic scale."""
    ends = [end for p in panel.points for end in (p.amount, p.low, p.high) if end is not None]
    return min(ends) > 0 and max(ends) / min(ends) > _FAR


def _headings(axes: Axes, panel: Panel, words: Words, style: Style) -> None:
    """The kind and unit above the axis, and beside them what the colours mean, as long as there is room."""
    text = describe.heading(panel, words) + (f" ({words('chart.log')})" if is_far(panel) else "")
    figure: Any = axes.figure
    for most in (34, 24, 17, 12):
        names = describe.series(panel, words, most)
        further = [words("chart.other")] if len(names) > len(COLOURS) else []
        box = _in_a_row(axes, text, [*names[: len(COLOURS)], *further], style)
        if box.get_window_extent(figure.canvas.get_renderer()).x1 <= figure.bbox.x1 or most == 12:
            return
        box.remove()


def _in_a_row(axes: Axes, text: str, names: list[str], style: Style) -> Any:
    from matplotlib.offsetbox import AnchoredOffsetbox, HPacker, TextArea

    parts: list[Any] = [TextArea(text, textprops={"color": INK, "size": style.text})]
    for name, colour in zip(names, (*COLOURS, OTHER), strict=False):
        parts.append(TextArea(name, textprops={"color": colour, "size": style.text, "weight": "bold"}))
    box = AnchoredOffsetbox(
        "lower left",
        child=HPacker(children=parts, pad=0, sep=12, align="baseline"),
        frameon=False,
        pad=0,
        borderpad=0.5,
        bbox_to_anchor=(0.14 / style.width, 1.0),
        bbox_transform=_above(axes),
    )
    axes.add_artist(box)
    return box


def _above(axes: Axes) -> Any:
    """x in parts of the figure, y in parts of the axes."""
    from matplotlib.transforms import blended_transform_factory

    figure: Any = axes.figure
    return blended_transform_factory(figure.transFigure, axes.transAxes)


def _step(axes: Axes, earlier: Point, later: Point, relation: str) -> None:
    """A revision as a step: first in time, then in amount; other links straight."""
    start, end = (earlier.day.toordinal(), earlier.amount), (later.day.toordinal(), later.amount)
    path = "angle,angleA=0,angleB=90,rad=0"
    bent = relation == "revision" and start[0] != end[0] and start[1] != end[1]
    axes.annotate(
        "",
        xy=end,
        xytext=start,
        zorder=2,
        annotation_clip=False,
        arrowprops={
            "arrowstyle": "-|>,head_length=0.42,head_width=0.2",
            "connectionstyle": path if bent else "arc3",
            "linestyle": LINES[relation],
            "color": colour_of(later) if relation in {"revision", "outcome"} else SOFT,
            "linewidth": 1.2,
            "shrinkA": _SIZE * 0.75,
            "shrinkB": _SIZE * 0.75,
        },
    )


def _point(axes: Axes, point: Point, style: Style) -> None:
    colour, x = colour_of(point), point.day.toordinal()
    if point.begin is not None:
        begin = point.begin.toordinal()
        band: dict[str, Any] = {"linewidth": 5, "alpha": 0.22, "solid_capstyle": "butt"}
        axes.plot([begin, x], [point.amount] * 2, color=colour, zorder=1.5, **band)
    if point.low is not None and point.high is not None and point.low != point.high:
        axes.plot([x] * 2, [point.low, point.high], marker="_", color=colour, linewidth=1.3, zorder=2)
    for towards in _open_ends(point):
        _arrow(axes, (x, point.amount), towards, colour)
    form = marker(point.status, colour, _SIZE * (0.9 if style.compact else 1))
    axes.plot(
        [x],
        [point.amount],
        linestyle="none",
        zorder=4,
        clip_on=False,
        gid=f"claim-{point.statement.hit.id}",
        **form,
    )


def _open_ends(point: Point) -> list[tuple[float, float]]:
    """Where no end is named: short ways to the right, up or down, in points."""
    ends = {(22.0, 0.0): point.when in {When.FROM, When.UNDUE}}
    ends |= {(0.0, 20.0): point.high is None, (0.0, -20.0): point.low is None}
    return [way for way, is_open in ends.items() if is_open]


def _arrow(axes: Axes, at: tuple[float, float], by: tuple[float, float], colour: str) -> None:
    """A short arrow away from a point, in points: open towards there."""
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.transforms import ScaledTranslation

    figure: Any = axes.figure
    data: Any = axes.transData
    there: Any = ScaledTranslation(at[0], at[1], data)
    axes.add_patch(
        FancyArrowPatch(
            (0, 0),
            (by[0] / 72, by[1] / 72),
            arrowstyle="-|>,head_length=3,head_width=1.6",
            color=colour,
            linewidth=1.2,
            shrinkA=0,
            shrinkB=0,
            transform=figure.dpi_scale_trans + there,
            zorder=2,
            clip_on=False,
        )
    )


def _labels(axes: Axes, panel: Panel, words: Words, style: Style) -> int:
    """The amount and who said it beside each point, where there is room."""
    figure: Any = axes.figure
    renderer = figure.canvas.get_renderer()
    scale = figure.dpi / 72
    order = sorted(panel.points, key=lambda point: (-point.statement.sources, -point.amount))
    texts = [_texts(axes, point, words, style) for point in order]
    sizes = [_size(pair, renderer) for pair in texts]
    spots = [_spot(axes, point) for point in order]
    frame, edge = axes.get_window_extent(renderer), figure.bbox
    within = Box(frame.x0 + 2, frame.y0 + 3, edge.x1 - 6, frame.y1 + 4)
    taken = [around(spot, _SIZE * scale * 0.62) for spot in spots] + _lines(axes, panel, scale)
    missing = 0
    for point, pair, spot, box in zip(
        order, texts, spots, placed(spots, sizes, taken, within, _SIZE * scale), strict=True
    ):
        if box is None:
            missing += 1
            for text in pair:
                text.remove()
            continue
        _put(axes, pair, box, spot, renderer)
        near = anchor(box, spot)
        if max(abs(near[0] - spot[0]), abs(near[1] - spot[1])) > _SIZE * scale * 1.6:
            _lead(axes, spot, near, colour_of(point))
    return missing


def _texts(axes: Axes, point: Point, words: Words, style: Style) -> tuple[Text, Text]:
    """Two lines, drawn where they find room; white behind them keeps the grid out of the letters."""
    lines = (words.amount(point.claim.quantity), describe.claimed(point, words, 24 if style.compact else 30))
    common: dict[str, Any] = {
        "transform": None,
        "va": "bottom",
        "ha": "left",
        "zorder": 3.5,
        "clip_on": False,
    }
    common["bbox"] = {"facecolor": "white", "edgecolor": "none", "pad": 0.4}
    bold = axes.text(0, 0, lines[0], weight="bold", color=INK, size=style.text, **common)
    plain = axes.text(0, 0, lines[1], color=SOFT, size=style.text * 0.88, **common)
    return bold, plain


def _size(pair: tuple[Text, Text], renderer: Any) -> tuple[float, float]:
    boxes = [text.get_window_extent(renderer) for text in pair]
    return max(box.width for box in boxes), sum(box.height for box in boxes) + 1


def _spot(axes: Axes, point: Point) -> tuple[float, float]:
    x, y = axes.transData.transform((point.day.toordinal(), point.amount))
    return float(x), float(y)


def _lines(axes: Axes, panel: Panel, scale: float) -> list[Box]:
    """What steps, periods and ranges take of the room."""
    found: list[Box] = []
    for link in panel.links:
        if link.relation not in LINES:
            continue
        one, other = (_spot(axes, panel.points[n]) for n in (link.earlier, link.later))
        corner = (other[0], one[1]) if link.relation == "revision" else one
        found += along(one, corner, 2 * scale) + along(corner, other, 2 * scale)
    for point in panel.points:
        at = _spot(axes, point)
        if point.begin is not None:
            begin = axes.transData.transform((point.begin.toordinal(), point.amount))
            found += along((float(begin[0]), at[1]), at, 2 * scale)
        if point.low is not None and point.high is not None:
            ends = [axes.transData.transform((point.day.toordinal(), y)) for y in (point.low, point.high)]
            found += along((at[0], float(ends[0][1])), (at[0], float(ends[1][1])), 2 * scale)
        found += [
            box
            for dx, dy in _open_ends(point)
            for box in along(at, (at[0] + dx * scale, at[1] + dy * scale), 3 * scale)
        ]
    return found


def _put(axes: Axes, pair: tuple[Text, Text], box: Box, spot: tuple[float, float], renderer: Any) -> None:
    """Places a label's lines at offsets from its point, which hold at any resolution."""
    from matplotlib.transforms import ScaledTranslation

    figure: Any = axes.figure
    at_left = box.right <= spot[0]
    bold, plain = pair
    lower = plain.get_window_extent(renderer).height
    x = box.right if at_left else box.left
    for text, y in ((bold, box.bottom + lower + 1), (plain, box.bottom)):
        where = axes.transData.inverted().transform(spot)
        move = ScaledTranslation(
            (x - spot[0]) / figure.dpi, (y - spot[1]) / figure.dpi, figure.dpi_scale_trans
        )
        text.set_transform(axes.transData + move)
        text.set_position((float(where[0]), float(where[1])))
        text.set_horizontalalignment("right" if at_left else "left")


def _lead(axes: Axes, spot: tuple[float, float], near: tuple[float, float], colour: str) -> None:
    """A thin line from a point to a label that stands further off."""
    back = axes.transData.inverted()
    (x1, y1), (x2, y2) = back.transform(spot), back.transform(near)
    axes.plot([x1, x2], [y1, y2], color=colour, linewidth=0.6, alpha=0.7, zorder=3, clip_on=False)

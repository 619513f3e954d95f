"""The colours of tokens.css for plotly, which cannot read CSS variables; a test compares them."""

from dataclasses import dataclass
from typing import Any

FONT = (
    "'STP Latin', 'PingFang TC', 'Microsoft JhengHei UI', 'Microsoft JhengHei', 'Noto Sans TC', "
    "'Noto Sans CJK TC', 'Source Han Sans TC', 'Heiti TC', system-ui, sans-serif"
)
SIZE = 13
CLEAR = "rgba(0,0,0,0)"
COUNT = ",~r"  # 2,000 and 0.5
GAP = 0.33  # of a row, between bars


@dataclass(frozen=True, slots=True)
class Paint:
    """One scheme's colours, by their meaning; `tokens` names where each comes from."""

    name: str
    text: str
    quiet: str  # ticks, n/N
    heading: str
    surface: str
    grid: str
    line: str
    main: str  # the series the sentence is about
    compare: str  # last year, others
    alarm: str  # the exception
    free: str
    free_line: str
    hatch: str
    hatch_dark: str
    tones: dict[str, str]
    sequence: tuple[str, ...]  # heat map bins 1-4
    sequence_on: tuple[str, ...]
    white: str = "#ffffff"


LIGHT = Paint(
    name="light",
    text="#102029",
    quiet="#4c5c66",
    heading="#0b2c4a",
    surface="#ffffff",
    grid="#e3eaee",
    line="#d0dae0",
    main="#075b7a",
    compare="#71818c",
    alarm="#b84a06",
    free="#ffffff",
    free_line="#5b6b76",
    hatch="rgba(255,255,255,.5)",
    hatch_dark="rgba(8,33,54,.42)",
    tones={
        "reviewing": "#2f9fd6",
        "waiting": "#dfab3f",
        "admitted": "#0b3a6b",
        "confirmed": "#0c7557",
        "selffunded": "#c8568f",
        "closed": "#c4ccd1",
        "problem": "#b8180c",
    },
    sequence=("#e3f1f6", "#b4dbe8", "#4fa3bf", "#075b7a"),
    sequence_on=("#102029", "#102029", "#08151e", "#ffffff"),
)
DARK = Paint(
    name="dark",
    text="#e7eef3",
    quiet="#a9b9c4",
    heading="#f2f7fa",
    surface="#11202c",
    grid="#1f313e",
    line="#2b3f4e",
    main="#7fcbe4",
    compare="#7890a0",
    alarm="#ffa06e",
    free="#0d1a25",
    free_line="#8aa0ae",
    hatch="rgba(255,255,255,.42)",
    hatch_dark="rgba(4,14,22,.5)",
    tones={
        "reviewing": "#aecef1",
        "waiting": "#fac65f",
        "admitted": "#2e5794",
        "confirmed": "#379c84",
        "selffunded": "#cf60d7",
        "closed": "#444a4e",
        "problem": "#e95833",
    },
    sequence=("#17384a", "#205a74", "#4a9dba", "#b9e2f0"),
    sequence_on=("#e7eef3", "#ffffff", "#06151d", "#06151d"),
)
PATTERNS = {  # beside each colour, so that it prints grey
    "reviewing": "|",
    "waiting": ".",
    "admitted": "/",
    "confirmed": "",
    "selffunded": "-",
    "problem": "x",
    "closed": "+",
    "free": "",
    "alarm": "/",
    "main": "",
    "open": "\\",
}


def paint(theme: str) -> Paint:
    """Give the colours of a scheme."""
    return DARK if theme == "dark" else LIGHT


def pattern(colours: Paint, tone: str) -> dict[str, object]:
    """Give the pattern that stands beside a tone."""
    shape = PATTERNS.get(tone, "")
    ink = colours.hatch_dark if shape in (".", "|", "+") else colours.hatch
    return {"shape": shape, "size": 8, "solidity": 0.22, "fgcolor": ink, "fillmode": "overlay"}


def axis(colours: Paint, **more: Any) -> dict[str, Any]:
    """Give an axis that neither zooms nor clutters."""
    return {
        "gridcolor": colours.grid,
        "gridwidth": 1,
        "zeroline": False,
        "ticks": "",
        "fixedrange": True,
        "automargin": True,
        "tickfont": {"color": colours.quiet, "size": SIZE},
    } | more


def layout(colours: Paint, height: int, **margin: int) -> dict[str, Any]:
    """Give what all figures share: type, ground, margins."""
    font = {"family": FONT, "size": SIZE, "color": colours.text}
    return {
        "height": height,
        "font": font,
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "margin": {"l": 8, "r": 16, "t": 12, "b": 32, "pad": 4} | margin,
        "showlegend": False,
        "dragmode": False,
        "bargap": GAP,
        "hoverlabel": {"bgcolor": colours.surface, "bordercolor": colours.line, "font": font},
    }

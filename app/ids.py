"""Every id on the page. Imports nobody."""

from __future__ import annotations

# The four plots, in reading order.
LANDSCAPE = "landscape"
DISTANCE = "distance"
CORRELATION = "correlation"
VALUE = "value"
GRAPHS = (LANDSCAPE, DISTANCE, CORRELATION, VALUE)

# The Properties tab.
GRADIENT = "gradient-norm"
APAG = "apag"
APCG = "apcg"
CNC = "cnc"
GRACE = "grace"
PROPERTY_GRAPHS = (GRADIENT, APAG, APCG, CNC, GRACE)
PROPERTY_TABLE = "property-table"

# The Distribution tab.
HISTOGRAM = "escape-histogram"
CDF = "escape-cdf"
DISTRIBUTION_GRAPHS = (HISTOGRAM, CDF)
DISTRIBUTION_TABLE = "distribution-table"
DISTRIBUTION_PATHS = "distribution-paths"

# The Choose β tab.
CHOOSE_TIME = "choose-time"
CHOOSE_PRICE = "choose-price"
CHOOSE_GRAPHS = (CHOOSE_TIME, CHOOSE_PRICE)
CHOOSE_ADVICE = "choose-advice"
CHOOSE_BUDGET = "choose-budget"
CHOOSE_WHY = "choose-why"
CHOOSE_CODE = "choose-code"
CHOOSE_TABLE = "choose-table"

# The Sweep tab.
SWEEP_MAP = "sweep-map"
SWEEP_LAW = "sweep-law"
SWEEP_DIFFERENCE = "sweep-difference"
SWEEP_GRAPHS = (SWEEP_MAP, SWEEP_LAW, SWEEP_DIFFERENCE)
SWEEP_KEYS = "sweep-keys"  # the maps as one thing that the keyboard moves a cell in
SWEEP_CELL = "sweep-cell"  # what that cell says
SWEEP_START = "sweep-start"
SWEEP_CANCEL = "sweep-cancel"
SWEEP_COST = "sweep-cost"
SWEEP_BAR = "sweep-bar"
SWEEP_STATUS = "sweep-status"
SWEEP_WORDS = "sweep-words"
SWEEP_TAKE = "sweep-take"
SWEEP_CLOCK = "sweep-clock"  # the interval at which a running sweep is looked at
SWEEP_SEEN = "sweep-seen"  # store: which cells of which sweep the maps show

# What the page is about.
PROVIDER = "provider"  # the Mantine provider: colour scheme
PAGE = "page"  # the outermost element: theme attribute for the style sheet
QUERY = "query"  # store: the canonical query of what is drawn at rest
SHOWN = "shown"  # store: what every control and word shows at first, id → props
LOOKS = "looks"  # store: graph id → the looks of its first figure
LOOK = "look"  # store: the theme in force (the system's or the chosen one)
TABS = "tabs"

# The reading above the plots.
READING = "reading"
RACE = "race"  # what each contender needs to escape
MOMENTS = "moments"  # store: what the time bar needs beside the figures
NOTICE = "notice"
NOTICE_TEXT = "notice-text"
NOTICE_CLOSE = "notice-close"

# The rail.
RAIL = "rail"
CHIPS = "chips"
CHIP_ADD = "chip-add"
CHIP_REMOVE = "chip-remove"
DICE = "dice"
LISTS = "lists"  # the group with whole lists, shown where d > 2
SAMPLING = "sampling"  # the group for fixed samples
BOOSTING = "boosting"  # the group for Algorithm 2

# The header.
PRESETS = "presets"
THEME = "theme"
SHARE = "share"
TIME_BAR = "time-bar"

# The Lessons tab.
LESSON = "lesson"
LESSON_NAV = "lesson-nav"
LESSON_FORMULA = "lesson-formula"
LESSON_TEXT = "lesson-text"
LESSON_ASK = "lesson-ask"
LESSON_QUESTION = "lesson-question"
LESSON_REVEAL = "lesson-reveal"
LESSON_NOTE = "lesson-note"  # the teacher's, to be opened
LESSON_TEACHER = "lesson-teacher"
PREDICTION = "prediction"
PREDICTION_SAID = "prediction-said"

# The dialogs.
SHARE_DIALOG = "share-dialog"
SHARE_LINK = "share-link"
SHARE_HIDE = "share-hide"
SHARE_VIEW = "share-view"
SHARE_EMBED = "share-embed"  # store: the link that a frame shows
SHARE_CODE = "share-code"
SHARE_FRAME = "share-frame"
SHARE_SAID = "share-said"
TAKE = "take-away"
TAKE_DIALOG = "take-dialog"
TAKE_SAID = "take-said"
SHORTCUTS = "shortcuts"
SHORTCUTS_DIALOG = "shortcuts-dialog"
WHOLE_PAGE = "whole-page"  # the way back from a link's own view


def slider(key: str) -> str:
    """The slider of control `key`."""
    return f"slider-{key}"


def field(key: str) -> str:
    """The text field (or picker) of control `key`."""
    return f"field-{key}"


def row(key: str) -> str:
    """The row of control `key`, label and all."""
    return f"row-{key}"


def why(key: str) -> str:
    """What stands in place of control `key` where it would change nothing."""
    return f"why-{key}"


def panel(tab: str) -> str:
    """What holds a tab's contents; Mantine names it so for the tab's aria-controls."""
    return f"{TABS}-panel-{tab}"


def due(tab: str) -> str:
    """The store that holds the query which the open tab `tab` is to show."""
    return f"due-{tab}"


def fault(tab: str) -> str:
    """The message of tab `tab` where it could not be computed."""
    return f"fault-{tab}"


def chip(index: int) -> str:
    """The chip of contender `index`."""
    return f"chip-{index}"


def preset(index: int) -> str:
    """The menu item of preset `index`."""
    return f"preset-{index}"


def summary(graph: str) -> str:
    """The text summary of a plot."""
    return f"{graph}-summary"

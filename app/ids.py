"""The component ids of the page. This module imports nothing."""

from __future__ import annotations

# The four plots, in their order.
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
CHOOSE_COPY = "choose-copy"
CHOOSE_TABLE = "choose-table"

# The Sweep tab.
SWEEP_MAP = "sweep-map"
SWEEP_LAW = "sweep-law"
SWEEP_DIFFERENCE = "sweep-difference"
SWEEP_GRAPHS = (SWEEP_MAP, SWEEP_LAW, SWEEP_DIFFERENCE)
SWEEP_KEYS = "sweep-keys"  # the maps as one focusable group; arrow keys move the selected cell
SWEEP_CELL = "sweep-cell"  # text of the selected cell
SWEEP_START = "sweep-start"
SWEEP_CANCEL = "sweep-cancel"
SWEEP_COST = "sweep-cost"
SWEEP_BAR = "sweep-bar"
SWEEP_STATUS = "sweep-status"
SWEEP_WORDS = "sweep-words"
SWEEP_TAKE = "sweep-take"
SWEEP_CLOCK = "sweep-clock"  # interval that polls a running sweep
SWEEP_SEEN = "sweep-seen"  # store: which cells of which sweep the maps show

# The page.
PROVIDER = "provider"  # the Mantine provider: colour scheme
PAGE = "page"  # the outermost element; its theme attribute selects the CSS variables
QUERY = "query"  # store: the canonical query of the page at rest
SHOWN = "shown"  # store: initial props of every control and text, id → props
TITLE = "title"  # store: the title of the window
LOOKS = "looks"  # store: graph id → fingerprint of its first figure
LOOK = "look"  # store: the theme in force (the system's or the chosen one)
TABS = "tabs"

# The headline above the plots.
READING = "reading"
RACE = "race"  # steps to escape per contender
MOMENTS = "moments"  # store: cursor data, which the time bar needs besides the figures
NOTICE = "notice"
NOTICE_TEXT = "notice-text"
NOTICE_CLOSE = "notice-close"

# The control rail.
RAIL = "rail"
CHIPS = "chips"
CHIP_ADD = "chip-add"
CHIP_REMOVE = "chip-remove"
DICE = "dice"
LISTS = "lists"  # the group with list-valued parameters
SAMPLING = "sampling"  # the group of the fixed-samples parameters
FORMULA = "formula"  # the group of a formula's controls
FORMULA_MATH = "formula-math"  # the formula, typeset
POINTS = "points"  # its stationary points
BOOSTING = "boosting"  # the group of Algorithm 2's parameters

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
LESSON_NOTE = "lesson-note"  # the teacher's note, collapsed
LESSON_TEACHER = "lesson-teacher"
PREDICTION = "prediction"
PREDICTION_SAID = "prediction-said"
PREDICTION_ANSWER = "prediction-answer"  # store: what the prediction is held against

# The dialogs.
SHARE_DIALOG = "share-dialog"
SHARE_LINK = "share-link"
SHARE_HIDE = "share-hide"
SHARE_VIEW = "share-view"
SHARE_EMBED = "share-embed"  # store: the link that the iframe shows
SHARE_CODE = "share-code"
SHARE_FRAME = "share-frame"
SHARE_SAID = "share-said"
TAKE = "take-away"
TAKE_DIALOG = "take-dialog"
TAKE_SAID = "take-said"
SHORTCUTS = "shortcuts"
SHORTCUTS_DIALOG = "shortcuts-dialog"
INTRO = "intro"  # one line over the headline: what the page is about
SHARE_LOCAL = "share-local"
SHORTCUTS_ON = "shortcuts-on"
PLOTS = "plots"
WHOLE_PAGE = "whole-page"  # link from a reduced layout to the whole page


def slider(key: str) -> str:
    """Return the id of the slider of control `key`."""
    return f"slider-{key}"


def field(key: str) -> str:
    """Return the id of the text field (or picker) of control `key`."""
    return f"field-{key}"


def row(key: str) -> str:
    """Return the id of the row of control `key`, with its label."""
    return f"row-{key}"


def why(key: str) -> str:
    """Return the id of the text shown in place of an inactive control `key`."""
    return f"why-{key}"


def name(key: str) -> str:
    """Return the id of the name of control `key`, where it depends on the state."""
    return f"name-{key}"


def panel(tab: str) -> str:
    """Return the id of a tab's panel, as Mantine derives it for the tab's aria-controls."""
    return f"{TABS}-panel-{tab}"


def due(tab: str) -> str:
    """Return the id of the store with the query that the open tab `tab` is to show."""
    return f"due-{tab}"


def fault(tab: str) -> str:
    """Return the id of the error message of tab `tab`."""
    return f"fault-{tab}"


def chip(index: int) -> str:
    """Return the id of the chip of contender `index`."""
    return f"chip-{index}"


def preset(index: int) -> str:
    """Return the id of the menu item of preset `index`."""
    return f"preset-{index}"


def summary(graph: str) -> str:
    """Return the id of a plot's text summary."""
    return f"{graph}-summary"

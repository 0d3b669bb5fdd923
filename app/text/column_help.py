"""What the large figures of the headline and the columns of the tables are, in a sentence each."""

from __future__ import annotations

MERITS = (
    "The step at which the named optimizer's path leaves the escape radius R; over several paths, "
    "the median.",
    "The escape time of the named optimizer over that of the first, measured on these paths.",
    "The same by the exact law of the linear model at the saddle.",
    "Variance once settled at the minimum nearest to the saddle, over that of the optimizer that "
    "it is compared with.",
)
"""The large figures, in their order; the last is not always there."""

CHOOSE = (
    "",
    "The momentum β of the row.",
    "Escape time without momentum over that at this β, by theory.",
    "Stationary variance around a minimum over that of SGD.",
    "Steps until a displacement along the steepest direction has decayed to 1/e.",
    "",
)
PROPERTIES = (
    "",
    "Where the gradient is large: share of the time in which the momentum cancels more than half "
    "of it, so that APAG fails.",
    "Near the saddle: share of the time with a negative value; APCG allows it, with a constant c′.",
    "The least constant c′ with which APCG holds at every step.",
    "The constant γ of CNC: the least second moment of the momentum along the way out.",
    "Share of the time with a value above 0, which GrACE allows with a constant.",
    "The least constant with which GrACE holds at every step.",
)
DISTRIBUTION = (
    "",
    "Paths that have left the escape radius by step T.",
    "The median escape time of the paths; below it, what 10 % and 90 % of them need.",
    "The median escape time by the exact law of the linear model.",
    "The largest distance between the measured distribution and the law, from 0 to 1.",
)
"""Columns of the tables of Choose β, Properties and Distribution; "": no help."""

"""Number parsing: unambiguous notations are accepted, ambiguous ones rejected."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.model.experiment import PARAMETERS
from simulation.model.numbers import (
    LONGEST,
    MINUS_SIGNS,
    SPACES,
    NumberError,
    format_number,
    parse_number,
    parse_numbers,
)
from simulation.model.parameters import Integer, Number, Numbers, ParameterError

FINITE = st.floats(allow_nan=False, allow_infinity=False)
# What is typed, as a real and as a whole number; None where it is refused.
WAYS = {
    "0,001": (0.001, 0.001), "0,5": (0.5, 0.5), "12,5": (12.5, 12.5), "1,5e-3": (0.0015, 0.0015),
    ",5": (0.5, 0.5), "5.": (5.0, 5.0), "+3": (3.0, 3.0), "1,2345": (1.2345, 1.2345),
    "1,000": (None, 1000.0), "1.000": (1.0, None), "12,345": (None, 12345.0),
    "0,500": (0.5, 0.5), "1234,567": (1234.567, 1234.567),
    "1,000,000": (1e6, 1e6), "1.000.000": (1e6, 1e6), "1 000 000": (1e6, 1e6),
    "1'000'000": (1e6, 1e6), "1_000": (1000.0, 1000.0), "1,000.5": (1000.5, 1000.5),
    "1.000,5": (1000.5, 1000.5), "1 000,5": (1000.5, 1000.5), "12 34": (None, None),
    "1,00,000": (None, None), "1.000,000.5": (None, None), "1 000.000": (1000.0, 1000.0),
    "90%": (0.9, 0.9), "90 %": (0.9, 0.9), "0,5 %": (0.005, 0.005), "5%%": (None, None),
    "5×10^-5": (5e-5, 5e-5), "5 × 10⁻⁵": (5e-5, 5e-5), "5*10**-5": (5e-5, 5e-5),
    "5x10^(-5)": (5e-5, 5e-5), "10^3": (1000.0, 1000.0), "-10^3": (-1000.0, -1000.0),
    "1e9": (1e9, 1e9), "1E+04": (1e4, 1e4), "2e 03": (2000.0, 2000.0), "2e3×10^2": (2e5, 2e5),
    "1/1000": (0.001, 0.001), "-1/4": (-0.25, -0.25), "1/0": (None, None), "1/2/3": (None, None),
    "": (None, None), "abc": (None, None), "--1": (None, None), "0x10": (None, None),
    "1,2,3": (None, None), "10^": (None, None), "×10^3": (None, None), "%": (None, None),
}  # fmt: skip


def meant(text: str, whole: bool) -> float | None:
    try:
        return parse_number(text, whole=whole)
    except NumberError:
        return None


@pytest.mark.parametrize("text", WAYS)
def test_a_number_is_read_as_it_is_meant_or_refused(text: str) -> None:
    assert (meant(text, False), meant(text, True)) == WAYS[text]


@pytest.mark.parametrize("sign", MINUS_SIGNS)
@pytest.mark.parametrize("text", [text for text, (real, _) in WAYS.items() if real and real > 0])
def test_any_minus_sign_negates(sign: str, text: str) -> None:
    if text[0] != "+":
        assert parse_number(sign + text) == -WAYS[text][0]
        assert parse_number(f" {sign} {text} ") == -WAYS[text][0]


@pytest.mark.parametrize("space", SPACES)
def test_any_space_separates_groups(space: str) -> None:
    assert parse_number(f"12{space}345{space}678") == 12345678


@given(FINITE)
def test_the_shortest_text_reads_back(value: float) -> None:
    text = format_number(value)
    assert parse_number(text) == value
    with_comma = meant(text.replace(".", ","), whole=False)
    ambiguous = re.fullmatch(r"-?[1-9]\d{0,2}\.\d{3}", text)  # 1,125
    assert with_comma == (None if ambiguous else value)
    assert len(text) <= len(repr(value))


@given(st.integers(-(2**53), 2**53))
def test_a_whole_number_reads_back_with_any_separator(value: int) -> None:
    for mark in ",' _":
        assert parse_number(f"{value:,}".replace(",", mark), whole=True) == value


@given(st.text(max_size=40) | st.text("0123456789.,'_ eE+-−%×^/10", max_size=20))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    value = meant(text, False)
    assert value is None or isinstance(value, float)


@pytest.mark.parametrize("text", ["9" * 400, "1e999", "10^999999999"])
def test_what_is_too_large_is_infinite(text: str) -> None:
    assert math.isinf(parse_number(text))


@pytest.mark.parametrize("text", ["1" * (LONGEST + 1), "10^" + "9" * 900, "%" * 900, "1×" * 400])
def test_long_nonsense_is_refused(text: str) -> None:
    with pytest.raises(NumberError):
        parse_number(text)


@pytest.mark.parametrize(("text", "numbers"), [
    ("1,-0.1", (1, -0.1)), ("2, -0.5, −0.5", (2, -0.5, -0.5)), ("2 -0.5", (2, -0.5)),
    ("1,5; -0,1", (1.5, -0.1)), ("1;2;", (1, 2)), ("0,0.5", (0, 0.5)), ("50%, 1/4", (0.5, 0.25)),
    ("7", (7,)), ("1e+00", (1,)), ("1e 00", (1,)), ("1e 00,2e 03", (1, 2000)),
])  # fmt: skip
def test_a_list_is_read(text: str, numbers: tuple[float, ...]) -> None:
    assert parse_numbers(text) == numbers


@pytest.mark.parametrize("text", ["", "1,", "a,b", "0,06", "1,05", ";", "1;;2", "1;x"])
def test_a_list_that_is_none_or_means_two_things_is_refused(text: str) -> None:
    with pytest.raises(NumberError):
        parse_numbers(text)


@given(st.lists(FINITE, min_size=1, max_size=20))
def test_a_list_reads_back(values: list[float]) -> None:
    assert parse_numbers(",".join(map(format_number, values))) == tuple(values)


@pytest.mark.parametrize("name", PARAMETERS)
def test_every_number_of_an_experiment_is_read_so(name: str) -> None:
    parameter = PARAMETERS[name]
    if isinstance(parameter, Number | Integer):
        whole = isinstance(parameter, Integer)
        for text in WAYS:
            if meant(text, whole) is None:
                with pytest.raises(ParameterError):
                    parameter.parse(text)
            else:
                assert parameter.parse(text) == meant(text, whole)
        ambiguous = "1.000" if whole else "1,000"
        with pytest.raises(ParameterError, match="can mean 1000 or 1"):
            parameter.parse(ambiguous)
    if isinstance(parameter, Numbers):
        assert parameter.parse("0,5; −1/4") == (0.5, -0.25)
        with pytest.raises(ParameterError, match="semicolons"):
            parameter.parse("0,05")

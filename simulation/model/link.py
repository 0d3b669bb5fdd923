"""Extraction of key–value pairs from a link: a query string or a whole URL, as it was pasted."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote

AROUND = " \t\r\n\f\v\u00a0\ufeff\"'`“”„‘’‚«»‹›<>"  # spaces and quotation marks around a link
_BREAKS = re.compile(r"[\t\r\n]")  # browsers drop them in a URL
_FORMULA = re.compile(r"(?:^|(?<=&))f=[^&]*")
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)

# Keys that mail programs, social networks and search engines add to links; they are ignored.
TRACKING_KEYS = frozenset({
    "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "ysclid",
    "twclid", "ttclid", "li_fat_id", "igshid", "igsh", "epik", "srsltid", "s_kwcid", "rb_clickid",
    "mc_cid", "mc_eid", "mkt_tok", "vero_id", "oly_enc_id", "oly_anon_id", "dm_i", "ncid", "cmpid",
    "trk", "trkcampaign", "ref", "ref_src", "ref_url", "referrer", "referer", "source", "share",
    "si", "spm", "wt_mc", "_ga", "_gl", "_gac", "_ke", "_kx", "_openstat", "_branch_match_id",
})  # fmt: skip
TRACKING_PREFIXES = ("utm_", "mtm_", "pk_", "piwik_", "matomo_", "hsa_", "_hs", "__hs", "__cft__",
                     "__tn__", "__xts__", "ga_", "stm_")  # fmt: skip


def _keep_plus(formula: re.Match[str]) -> str:
    """Return `f=…` with `+` as a plus sign, where no `%2B` shows that `+` stands for a space."""
    text = formula[0]
    return text if "%2B" in text.upper() else text.replace("+", "%2B")


def is_tracking(key: str) -> bool:
    """Return whether a key was added to a link by a tracker: `utm_source`, `fbclid`."""
    name = key.lower()
    return name in TRACKING_KEYS or name.startswith(TRACKING_PREFIXES)


def query_of(text: str) -> str:
    """Return the query string of a link, without `?`.

    Accepts a query string or a URL, also with a fragment, within quotation marks or spaces, broken
    over lines, or taken from HTML (`&amp;`) or from another link's value (percent-encoded).
    """
    plain = _BREAKS.sub("", text.strip(AROUND)).partition("#")[0]
    if not re.search(r"[?=]", plain) and re.search(r"%3[DF]", plain, re.IGNORECASE):
        plain = unquote(plain, errors="replace").partition("#")[0]
    before, _, query = plain.partition("?")
    if "=" in before or not (query or _SCHEME.match(plain)):  # no URL
        query = plain.lstrip("?")
    if "=" not in query and re.search("%3D", query, re.IGNORECASE):
        query = unquote(query, errors="replace").partition("#")[0].strip(AROUND)
    return query.replace("&amp;", "&")


def query_pairs(text: str) -> list[tuple[str, str]]:
    """Return the decoded keys and values of a link, in order, without those of trackers."""
    query = _FORMULA.sub(_keep_plus, query_of(text))
    pairs = parse_qsl(query, keep_blank_values=True, errors="replace")
    return [(key, value) for key, value in pairs if not is_tracking(key)]

/** The page's URL and its query string. */

/** Return the query of the page's URL, without its "?". */
export const currentQuery = () => window.location.search.slice(1);

const pathWith = (/** @type {string} */ query) =>
  window.location.pathname + (query ? `?${query}` : "");

/** Replace the query in the current entry of the history. @param {string} query */
export const replaceQuery = (query) => window.history.replaceState(null, "", pathWith(query));

/** Add an entry with this query to the history. @param {string} query */
export const pushQuery = (query) => window.history.pushState(null, "", pathWith(query));

/**
 * Return the step `t` of a query, or null.
 * @param {string} query
 */
export function stepOf(query) {
  const given = new URLSearchParams(query).get("t");
  return given !== null && /^\d+$/.test(given) ? Number(given) : null;
}

const parts = (/** @type {string} */ query) => query.split("&").filter(Boolean);
const keyOf = (/** @type {string} */ part) => part.split("=")[0];

/**
 * Return the query with step `t`, or without one if `t` is null.
 * @param {string} query
 * @param {number | null} t
 * @param {string[]} laterKeys keys that come after `t` in a canonical query
 */
export function withStep(query, t, laterKeys) {
  const kept = parts(query).filter((part) => keyOf(part) !== "t");
  if (t === null) return kept.join("&");
  const after = kept.findIndex((part) => laterKeys.includes(keyOf(part)));
  kept.splice(after < 0 ? kept.length : after, 0, `t=${t}`);
  return kept.join("&");
}

/**
 * Return the link to a query with some controls hidden, in a view.
 * @param {string} base URL of the page, without a query
 * @param {string} query
 * @param {string[]} hidden keys of the controls to hide
 * @param {string} view "page", "present" or "embed"
 */
export function shareLink(base, query, hidden, view) {
  const kept = parts(query).filter((part) => !["hide", "view"].includes(keyOf(part)));
  if (hidden.length) kept.push(`hide=${hidden.join(",")}`);
  if (view !== "page") kept.push(`view=${view}`);
  return kept.length ? `${base}?${kept.join("&")}` : base;
}

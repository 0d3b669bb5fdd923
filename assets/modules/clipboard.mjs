/**
 * Copies text: with the Clipboard API where it is allowed, else with `document.execCommand`,
 * which also works on plain http and in a frame without clipboard-write.
 */

/** @param {string} text */
function copySelected(text) {
  const field = document.createElement("textarea");
  const before = document.activeElement;
  field.value = text;
  field.setAttribute("readonly", "");
  field.className = "for-readers"; // rendered, but not visible
  // Next to the focused element: a dialog traps the focus.
  (before?.parentElement || document.body).append(field);
  field.select();
  try {
    if (!document.execCommand("copy")) {
      throw new Error("this browser does not let the page copy");
    }
  } finally {
    field.remove();
    if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  }
}

/** Copy a text; rejects with a one-sentence error. @param {string} text */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    copySelected(text);
  }
}

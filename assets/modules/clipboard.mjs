/**
 * Copying text: by the Clipboard API where the page may use it, else by the browser's own command,
 * which also works on plain http and in a frame without clipboard-write.
 */

/** @param {string} text */
function copySelected(text) {
  const field = document.createElement("textarea");
  const before = document.activeElement;
  field.value = text;
  field.setAttribute("readonly", "");
  field.className = "for-readers"; // in the page, but not seen
  // Beside what has the focus: a dialog keeps the focus inside itself.
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

/** Resolves once the text is on the clipboard; rejects with one sentence. @param {string} text */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    copySelected(text);
  }
}

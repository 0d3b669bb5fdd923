/* The address bar follows the page, and the first layout follows the address.
   DESIGN.md section 9. */
(() => {
  const S = (window.saddlescape = window.saddlescape || {});
  const REMEMBERED = "saddlescape-theme";

  const system = () =>
    window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";

  const remembered = () => {
    try {
      return window.localStorage.getItem(REMEMBERED) || "";
    } catch {
      return ""; // storage is forbidden here: the system's theme then
    }
  };

  S.remember = (theme) => {
    try {
      if (theme) window.localStorage.setItem(REMEMBERED, theme);
      else window.localStorage.removeItem(REMEMBERED);
    } catch {
      /* storage is forbidden here: the link still says it */
    }
  };

  /* The reader's theme, where the link says none. */
  S.look = () => remembered() || system();

  S.dress = (theme) => {
    document.documentElement.dataset.theme = theme;
  };

  S.prefix = () => {
    const config = document.getElementById("_dash-config");
    return config ? JSON.parse(config.textContent).requests_pathname_prefix : "/";
  };

  const path = (query) => window.location.pathname + (query ? `?${query}` : "");

  S.address = {
    query: () => window.location.search.slice(1),
    replace: (query) => window.history.replaceState(null, "", path(query)),
    push: (query) => window.history.pushState(null, "", path(query)),
  };

  S.dress(new URLSearchParams(window.location.search).get("theme") || S.look());

  /* Dash asks for its layout without the page's query, and after all its scripts: ask now, with it,
     so that the first picture is the one that the address means. */
  const plain = window.fetch.bind(window);
  const query = [S.address.query(), `look=${S.look()}`].filter(Boolean).join("&");
  const layout = `${S.prefix()}_dash-layout`;
  let early = plain(`${layout}?${query}`, { credentials: "same-origin" });
  early.catch(() => {}); // Dash will ask and be told
  window.fetch = (resource, options) => {
    if (resource !== layout) return plain(resource, options);
    const first = early || plain(`${layout}?${query}`, options);
    early = null;
    return first;
  };
})();

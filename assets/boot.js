/* Runs before the first paint: sets the theme, and requests the layout before Dash does.

   A classic script, since modules run only when the page is parsed and Dash has started. It reads
   the configuration that app/components/client_config.py wrote into the page. */
(() => {
  const STORAGE_KEY = "saddlescape-theme";
  const text = document.getElementById("client-config")?.textContent;
  /** @type {ClientConfig} */
  const config = JSON.parse(text || "{}");

  const systemTheme = () =>
    window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";

  const storedTheme = () => {
    try {
      return window.localStorage.getItem(STORAGE_KEY) || "";
    } catch {
      return ""; // storage is blocked: use the system's theme
    }
  };

  /** @type {ThemeStore} */
  const theme = {
    preferred: () => storedTheme() || systemTheme(),
    store: (name) => {
      try {
        if (name) window.localStorage.setItem(STORAGE_KEY, name);
        else window.localStorage.removeItem(STORAGE_KEY);
      } catch {
        /* storage is blocked: the URL has the theme */
      }
    },
    apply: (name) => {
      const { dataset } = document.documentElement;
      if (dataset.theme !== name) dataset.theme = name; // writing it computes every style anew
    },
  };

  const search = window.location.search.slice(1);
  theme.apply(new URLSearchParams(search).get("theme") || theme.preferred());

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.saddlescape = { config, theme };

  /* Each component says once that it is mounted: forget what has changed below this path. The store
     then asks every mounted component whether it is concerned, so a page's work grew with the
     square of its components. Where nothing is known below the path, the message changes nothing,
     and is not passed on (docs/decisions/0020). */
  const dropIdleResets = (/** @type {any} */ store) => {
    const { dispatch, getState } = store;
    store.dispatch = (/** @type {any} */ action) => {
      if (action.type === "RESET_COMPONENT_STATE") {
        const path = action.payload.itempath.join(",");
        const changed = Object.keys(getState().layoutHashes);
        if (!changed.some((key) => key.startsWith(path))) return action;
      }
      return dispatch(action);
    };
  };

  /* Dash requests its layout without the page's query, and after all its scripts. Request it now,
     with the query, so that the first picture is the one that the URL means. The answer is held
     back until the modules have run: Dash calls their functions as soon as it has the layout. */
  const plainFetch = window.fetch.bind(window);
  const modules = import(`${config.modules}main.mjs`);
  const query = [search, `look=${theme.preferred()}`].filter(Boolean).join("&");
  const layout = `${config.prefix}_dash-layout`;
  /** @type {Promise<Response> | null} */
  let prefetched = plainFetch(`${layout}?${query}`, { credentials: "same-origin" });
  prefetched.catch(() => {}); // Dash awaits the same promise and reports the error
  modules.catch(() => {});
  window.fetch = async (resource, options) => {
    if (resource !== layout) return plainFetch(resource, options);
    const response = prefetched || plainFetch(`${layout}?${query}`, options);
    prefetched = null;
    window.dash_stores?.forEach(dropIdleResets); // Dash's, before any component is mounted
    await modules;
    return response;
  };
})();

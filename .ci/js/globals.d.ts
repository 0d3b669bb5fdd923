/** What the page's scripts meet on `window`, and what app/components/client_config.py tells them. */

interface ClientConfig {
  /** Path of the page, with a slash at its end. */
  prefix: string;
  /** Address of the folder of modules, with a slash at its end. */
  modules: string;
  /** Ids of Explore's plots, the landscape first. */
  graphs: string[];
  betaGraphs: string[];
  sweepGraphs: string[];
  /** Edit key → its slider, in positions. */
  sliders: Record<
    string,
    { low: number; high: number; step: number; scale: string; whole: boolean }
  >;
  themes: string[];
  /** Keys that come after `t` in a canonical query. */
  keysAfterStep: string[];
  traceKinds: {
    landscapeCurve: string;
    timeCurve: string;
    perContender: string[];
    timeLevel: string;
    landmarks: string[];
  };
  shortcuts: { clicks: Record<string, string>; nextTheme: string; leave: string };
}

interface ThemeStore {
  /** The theme chosen on this device, or the system's: in force where the URL names none. */
  preferred(): string;
  store(name: string): void;
  apply(name: string): void;
}

interface Window {
  Plotly: any;
  dash_clientside: any;
  dash_stores?: any[];
}

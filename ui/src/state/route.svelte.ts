/** The screens of the rail, in its order. */
export const screens = ["requests", "keys", "applications", "users", "stores", "servers", "log", "settings"] as const;
export type Screen = (typeof screens)[number];

/** Which screen is shown; kept in the part after `#` so that a reload stays where it was. */
class Route {
  screen = $state<Screen>(read());

  go(screen: Screen): void {
    location.hash = `/${screen}`;
    this.screen = screen;
  }

  /** Follows the address until the answer is called. */
  start(): () => void {
    const follow = () => (this.screen = read());
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }
}

function read(): Screen {
  const name = location.hash.replace(/^#\/?/, "");
  return screens.find((screen) => screen === name) ?? "requests";
}

export const route = new Route();

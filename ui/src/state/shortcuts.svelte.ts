import { isCovered } from "./focus";
import { screens, type Screen } from "./route.svelte";

/** A key on the board; `mod` is Command on a Mac and Ctrl elsewhere. */
export type Key = "mod" | "shift" | "enter" | "escape" | "tab" | "up" | "down" | "left" | "right" | "home" | "end" | "page" | "space" | (string & {});

/** What each group of the list of shortcuts has in it, in its order. */
export const shortcuts = {
  anywhere: { palette: ["mod", "K"], lock: ["mod", "shift", "L"], help: ["?"], screen: ["1", "…", "8"], close: ["escape"] },
  list: { find: ["/"], make: ["N"] },
  table: {
    move: ["up", "down"], page: ["page"], ends: ["home", "end"], open: ["enter"], choose: ["space"], range: ["shift", "up", "down"],
    everything: ["mod", "A"], nothing: ["escape"], sort: ["enter"], column: ["left", "right"], resize: ["shift", "left", "right"],
    reset: ["enter"],
  },
} as const satisfies Record<string, Record<string, readonly Key[]>>;

export type ShortcutGroup = keyof typeof shortcuts;
export type Shortcut = { [G in ShortcutGroup]: keyof (typeof shortcuts)[G] }[ShortcutGroup];

/** What a key press asks of the window. */
export type Asked = { kind: "palette" | "lock" | "help" | "find" | "make" } | { kind: "screen"; screen: Screen };

const KEPT = "single-keys";

class SingleKeys {
  /** Whether a key alone does something; some people's tools type keys that nobody pressed. */
  on = $state(localStorage.getItem(KEPT) !== "off");

  choose(on: boolean): void {
    this.on = on;
    localStorage.setItem(KEPT, on ? "on" : "off");
  }
}

export const singleKeys = new SingleKeys();

/** Whether this computer is a Mac, whose shortcuts go by Command. */
export const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** What a press asks; null for one that means something else, such as a letter of a word. */
export function askedBy(event: KeyboardEvent): Asked | null {
  if (event.defaultPrevented || event.isComposing || event.repeat || event.altKey) return null;
  if (isMac ? event.metaKey : event.ctrlKey) return combined(event);
  if (event.ctrlKey || event.metaKey || !singleKeys.on || isCovered() || isTyping(event.target)) return null;
  return single(event.key);
}

function combined(event: KeyboardEvent): Asked | null {
  const key = event.key.toLowerCase();
  if (key === "k" && !event.shiftKey) return { kind: "palette" };
  return key === "l" && event.shiftKey ? { kind: "lock" } : null;
}

function single(key: string): Asked | null {
  if (key === "?") return { kind: "help" };
  if (key === "/") return { kind: "find" };
  if (key.toLowerCase() === "n") return { kind: "make" };
  const screen = /^[1-9]$/.test(key) ? screens[Number(key) - 1] : undefined;
  return screen ? { kind: "screen", screen } : null;
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !["checkbox", "radio", "button"].includes(target.type);
  return target.isContentEditable || ["TEXTAREA", "SELECT"].includes(target.tagName);
}

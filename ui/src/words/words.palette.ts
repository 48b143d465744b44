import type { Shortcut, ShortcutGroup } from "../state/shortcuts.svelte";
import type { Appearance } from "../state/theme.svelte";

/** What the command palette does by itself, beside going somewhere and finding something. */
export const commands = ["new-key", "new-user", "new-store", "copy-gate", "shortcuts", "lock"] as const;
export type Command = (typeof commands)[number];

export const paletteGroups = ["requests", "do", "go", "applications", "users", "stores", "keys"] as const;
export type PaletteGroup = (typeof paletteGroups)[number];

export interface PaletteWords {
  title: string;
  /** The button that opens it. */
  open: string;
  find: string;
  groups: Record<PaletteGroup, string>;
  commands: Record<Command, string>;
  theme: Record<Appearance, string>;
  /** Before the name of who asks. */
  review(name: string): string;
  goTo(screen: string): string;
  copied: string;
  notCopied: string;
  nothing: string;
}

export interface ShortcutWords {
  title: string;
  groups: Record<ShortcutGroup, string>;
  what: Record<Shortcut, string>;
  /** The names of keys that have no letter. */
  keys: Record<"ctrl" | "shift" | "enter" | "escape" | "up" | "down" | "left" | "right" | "home" | "end" | "page" | "space", string>;
  settings: { title: string; label: string; hint: string; show: string };
}

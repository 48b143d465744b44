import type { IconName } from "../../parts/Icon.svelte";
import { cardsOf } from "../../state/cards";
import type { Desk } from "../../state/desk.svelte";
import { hasWords, type Finder } from "../../state/palette.svelte";
import { screens, route } from "../../state/route.svelte";
import { shortcuts, type Key } from "../../state/shortcuts.svelte";
import { appearances, theme } from "../../state/theme.svelte";
import { toasts } from "../../state/toasts.svelte";
import { wishes } from "../../state/wishes.svelte";
import { words } from "../../words";
import type { Command, PaletteGroup } from "../../words/words.palette";
import { asideOf, titleOf } from "../applications/describe";
import { nameOf } from "../requests/describe";

/** Something that can be chosen in the palette. */
export interface Entry {
  id: string;
  text: string;
  icon: IconName;
  aside?: string;
  keys?: readonly Key[];
  run: () => void;
}

const t = words.palette;

/** What the palette offers for what was typed: what waits and can be done at first, then what is found by name. */
export function entriesOf(desk: Desk, finder: Finder, showShortcuts: () => void): [PaletteGroup, Entry[]][] {
  const named = (entries: Entry[]) => entries.filter((entry) => hasWords(entry.text, finder.text));
  const groups: [PaletteGroup, Entry[]][] = [
    ["requests", named(waiting(desk))],
    ["do", named([...deeds(desk, showShortcuts), ...colours()])],
    ["go", named(places())],
    ["applications", finder.applications.map((app) => ({
      id: `application-${app.id}`, text: titleOf(app), aside: asideOf(app), icon: "applications",
      run: () => wishes.ask({ screen: "applications", open: app.id }),
    }))],
    ["users", finder.users.map((user) => ({
      id: `user-${user.id}`, text: user.email, icon: "users", run: () => wishes.ask({ screen: "users", open: user.id }),
    }))],
    ["stores", finder.stores.map((store) => ({
      id: `store-${store.id}`, text: store.name, icon: "stores", run: () => wishes.ask({ screen: "stores", open: store.id }),
    }))],
    ["keys", finder.keys.map((key) => ({
      id: `key-${key.id}`, text: key.label || words.keys.unlabelled, aside: key.email, icon: "keys",
      run: () => wishes.ask({ screen: "keys", open: key.id }),
    }))],
  ];
  return groups.filter(([, entries]) => entries.length > 0);
}

/** Locks the desk; what went wrong is said by the next pull. */
export async function lock(desk: Desk): Promise<void> {
  await desk.call("lock", {}).catch(() => undefined);
  await desk.refresh();
}

function waiting(desk: Desk): Entry[] {
  return cardsOf(desk.requests).map((card) => ({
    id: `request-${card.id}`, text: t.review(nameOf(card)), icon: "requests", run: () => wishes.ask({ screen: "requests", open: card.id }),
  }));
}

function deeds(desk: Desk, showShortcuts: () => void): Entry[] {
  const deed = (id: Command, icon: IconName, run: () => void, keys?: readonly Key[]): Entry =>
    ({ id, text: t.commands[id], icon, run, ...keys && { keys } });
  const url = desk.status?.url;
  return [
    deed("new-key", "plus", () => wishes.ask({ screen: "keys", make: true })),
    deed("new-user", "plus", () => wishes.ask({ screen: "users", make: true })),
    deed("new-store", "plus", () => wishes.ask({ screen: "stores", make: true })),
    ...url ? [deed("copy-gate", "copy", () => void copy(url))] : [],
    deed("shortcuts", "keyboard", showShortcuts, shortcuts.anywhere.help),
    deed("lock", "lock", () => void lock(desk), shortcuts.anywhere.lock),
  ];
}

async function copy(url: string): Promise<void> {
  const copied = await navigator.clipboard.writeText(url).then(() => true, () => false);
  toasts.show(copied ? t.copied : t.notCopied);
}

function colours(): Entry[] {
  return appearances.map((one) => ({ id: `theme-${one}`, text: t.theme[one], icon: "settings", run: () => theme.choose(one) }));
}

function places(): Entry[] {
  return screens.map((screen, index) => ({
    id: `go-${screen}`, text: t.goTo(words.nav[screen]), icon: screen, keys: [String(index + 1)], run: () => route.go(screen),
  }));
}

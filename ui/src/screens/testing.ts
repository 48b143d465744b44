import { cleanup, configure, render, screen } from "@testing-library/svelte";
import { vi } from "vitest";
import App from "../App.svelte";
import { fakeHost } from "../host/fake";
import { Desk } from "../state/desk.svelte";
import { route, type Screen } from "../state/route.svelte";
import { singleKeys } from "../state/shortcuts.svelte";

// A machine that does other work meanwhile takes its time.
configure({ asyncUtilTimeout: 10_000 });

/** What every element measures where nothing is laid out, in pixels. */
export const ROOM = { width: 600, height: 480 };

class Unmeasured implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

class MediaQueryWithoutWish extends EventTarget {
  readonly matches = false;
}

/** Shows the window on a screen of a made-up world, whose calls answer at once. */
export async function show(scene: string, at: Screen): Promise<ReturnType<typeof fakeHost>> {
  vi.stubGlobal("ResizeObserver", Unmeasured);
  vi.stubGlobal("matchMedia", () => new MediaQueryWithoutWish());
  vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(ROOM.width);
  vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(ROOM.height);
  Element.prototype.scrollIntoView ??= vi.fn();
  Element.prototype.animate ??= vi.fn().mockReturnValue({ cancel: vi.fn(), finished: Promise.resolve() });
  const host = fakeHost(scene, 0);
  route.go(at);
  render(App, { desk: new Desk(host) });
  await screen.findByTestId(scene === "locked" ? "unlock" : "lock");
  return host;
}

/** Takes the window away, and what it has kept on this computer. */
export function leave(): void {
  cleanup();
  localStorage.clear();
  singleKeys.on = true;
  vi.unstubAllGlobals();
}

/** Presses a key on what has the focus, as a person does. */
export function press(key: string, modifiers: KeyboardEventInit = {}): void {
  const target = document.activeElement ?? document.body;
  target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...modifiers }));
}

export const focused = () => document.activeElement as HTMLElement | null;

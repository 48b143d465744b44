import { getContext, setContext } from "svelte";
import type { Desk } from "./desk.svelte";

const key = Symbol("desk");

/** Makes the desk known to everything below. */
export function provideDesk(desk: Desk): void {
  setContext(key, desk);
}

/** The desk, in any component below the app. */
export function useDesk(): Desk {
  return getContext<Desk>(key);
}

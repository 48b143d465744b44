import type { Issuer } from "../host/bindings/Issuer";
import type { KeyFilter } from "../host/bindings/KeyFilter";
import type { KeyState } from "../host/bindings/KeyState";

/** A state that keys are filtered by; one that nobody has collected is alive. */
export type WantedState = KeyState | "uncollected";

/** What the key table is narrowed down to; null for what does not matter. */
export interface Narrowing {
  user: string | null;
  application: string | null;
  issuer: Issuer | null;
  standing: WantedState | null;
  /** A policy that a key has to be able to do. */
  permission: string | null;
  /** For how many days it was not used. */
  unused: number | "never" | null;
}

/** Everything. */
export const WIDE: Narrowing = { user: null, application: null, issuer: null, standing: null, permission: null, unused: null };

/** The days among which one chooses. */
export const UNUSED: readonly (number | "never")[] = [7, 30, 90, 365, "never"];

/** The parts that matter, in their order. */
export function parts(narrowing: Narrowing): (keyof Narrowing)[] {
  return (Object.keys(WIDE) as (keyof Narrowing)[]).filter((part) => narrowing[part] !== null);
}

/** The same, as the desk is asked; null where nothing matters. */
export function filterOf(narrowing: Narrowing): KeyFilter | null {
  if (parts(narrowing).length === 0) return null;
  const { user, application, issuer, standing, permission, unused } = narrowing;
  return {
    user, application, issuer, permission,
    state: standing === "uncollected" ? "live" : standing,
    unusedFor: typeof unused === "number" ? unused : null,
    neverUsed: unused === "never",
    neverCollected: standing === "uncollected",
  };
}

import type { Tier } from "../host/bindings/Tier";

/** The tiers from looking to administering. */
export const tiers: readonly Tier[] = ["see", "sell", "change", "move-money", "administer"];

/** Whether `a` reaches further than `b`. */
export function isAbove(a: Tier, b: Tier): boolean {
  return tiers.indexOf(a) > tiers.indexOf(b);
}

import type { KeyView } from "../../host/bindings/KeyView";
import type { PolicyView } from "../../host/bindings/PolicyView";
import type { StoreView } from "../../host/bindings/StoreView";
import { isAbove } from "../../words/tiers";
import { policyOf } from "../../words/facts";

/** A permission of a key with all the stores it is narrowed to; without stores it means all of them. */
export interface HeldPolicy {
  policy: string;
  title: string;
  scopable: boolean;
  stores: string[];
}

/** The titles of what a key may do, each once. */
export function titlesOf(key: KeyView, titles: ReadonlyMap<string, PolicyView>): string[] {
  return [...new Set(key.permissions.map(policyOf))].map((policy) => titles.get(policy)?.title ?? policy);
}

/** What a key may do, store by store. */
export function heldBy(key: KeyView, titles: ReadonlyMap<string, PolicyView>, stores: readonly StoreView[]): HeldPolicy[] {
  const held = new Map<string, HeldPolicy>();
  for (const permission of key.permissions) {
    const [policy = permission, store] = permission.split(":");
    const known = titles.get(policy);
    const entry = held.get(policy) ?? { policy, title: known?.title ?? policy, scopable: known?.store ?? false, stores: [] };
    if (store) entry.stores.push(stores.find((one) => one.id === store)?.name ?? store);
    held.set(policy, entry);
  }
  return [...held.values()];
}

/** Whether a key reaches further than an everyday one. */
export function isPowerful(key: KeyView): boolean {
  return isAbove(key.tier, "change");
}

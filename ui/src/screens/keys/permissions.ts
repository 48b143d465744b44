import type { KeyView } from "../../host/bindings/KeyView";
import type { PolicyView } from "../../host/bindings/PolicyView";
import type { StoreView } from "../../host/bindings/StoreView";
import type { UsageView } from "../../host/bindings/UsageView";
import { isAbove } from "../../words/tiers";
import { policyOf } from "../../words/facts";

/** A permission of a key with all the stores it is narrowed to; without stores it means all of them. */
export interface HeldPolicy {
  policy: string;
  title: string;
  scopable: boolean;
  stores: string[];
}

/** How far something was used: how many calls needed it, the first and the last of them. */
export type Used = Omit<UsageView, "permission">;

/** The titles of what a key may do, each once. */
export function titlesOf(key: KeyView, titles: ReadonlyMap<string, PolicyView>): string[] {
  return [...new Set(key.permissions.map(policyOf))].map((policy) => titles.get(policy)?.title ?? policy);
}

/** What a key may do, store by store. */
export function heldBy({ permissions }: Pick<KeyView, "permissions">, titles: ReadonlyMap<string, PolicyView>, stores: readonly StoreView[]): HeldPolicy[] {
  const held = new Map<string, HeldPolicy>();
  for (const permission of permissions) {
    const [policy = permission, store] = permission.split(":");
    const known = titles.get(policy);
    const entry = held.get(policy) ?? { policy, title: known?.title ?? policy, scopable: known?.store ?? false, stores: [] };
    if (store) entry.stores.push(stores.find((one) => one.id === store)?.name ?? store);
    held.set(policy, entry);
  }
  return [...held.values()];
}

/** How far a policy was used, in all the stores it is narrowed to together; null where nothing is known. */
export function usedOf(policy: string, usage: readonly UsageView[]): Used | null {
  const parts = usage.filter((one) => policyOf(one.permission) === policy);
  if (parts.length === 0) return null;
  const firsts = parts.flatMap((one) => (one.first === null ? [] : [one.first]));
  const lasts = parts.flatMap((one) => (one.last === null ? [] : [one.last]));
  return {
    count: parts.reduce((sum, one) => sum + one.count, 0),
    first: firsts.length === 0 ? null : Math.min(...firsts),
    last: lasts.length === 0 ? null : Math.max(...lasts),
  };
}

/** The permissions that reducing a key would take away; none where all or nothing was used. */
export function unusedOf(usage: readonly UsageView[]): string[] {
  const unused = usage.filter((one) => one.count === 0).map((one) => one.permission);
  return unused.length === usage.length ? [] : unused;
}

/** Whether a key reaches further than an everyday one. */
export function isPowerful(key: KeyView): boolean {
  return isAbove(key.tier, "change");
}

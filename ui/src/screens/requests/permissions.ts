import type { PolicyView } from "../../host/bindings/PolicyView";
import type { SheetView } from "../../host/bindings/SheetView";
import type { Tier } from "../../host/bindings/Tier";
import { policyOf } from "../../words/facts";

/** A line of the sheet's list of permissions. */
export interface PermissionLine {
  /** As it is asked for or chosen, before stores are put in. */
  permission: string;
  policy: string;
  title: string;
  tier: Tier;
  includes: string[];
  usable: boolean;
  /** The store that the request itself narrows it to, by name or id. */
  store: string | null;
}

/** What was asked, ticked or not, then what was added. */
export function permissionRows(view: SheetView, catalogue: readonly PolicyView[], chosen: readonly string[]): PermissionLine[] {
  const all = [...new Set([...view.request.permissions, ...chosen])];
  const byName = new Map(catalogue.map((policy) => [policy.name, policy]));
  return all.map((permission) => {
    const policy = policyOf(permission);
    const granted = view.permissions.filter((one) => one.policy === policy);
    const known = byName.get(policy);
    return {
      permission,
      policy,
      title: granted[0]?.title ?? known?.title ?? policy,
      tier: granted[0]?.tier ?? known?.tier ?? "administer",
      includes: granted[0]?.includes ?? [],
      usable: granted.every((one) => one.usable),
      store: storeName(view, permission),
    };
  });
}

function storeName(view: SheetView, permission: string): string | null {
  const id = permission.split(":")[1];
  return id === undefined ? null : (view.stores.find((store) => store.id === id)?.name ?? id);
}

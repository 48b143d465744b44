import type { PolicyView } from "../host/bindings/PolicyView";

/** Sets of permissions that many keys need, in the order in which they are offered. */
export const presets = ["read", "invoices", "shop", "full"] as const;
export type Preset = (typeof presets)[number];

const store = (names: readonly string[]) => names.map((name) => `btcpay.store.${name}`);

const INVOICES = store(["canviewinvoices", "cancreateinvoice"]);

/** What shop plugins ask for: invoices, the store's settings, its webhooks, and refunds that somebody approves. */
const SHOP = store([
  "canviewinvoices", "cancreateinvoice", "canmodifyinvoices", "canviewstoresettings", "webhooks.canmodifywebhooks",
  "cancreatenonapprovedpullpayments",
]);

/** The policies of a preset, as far as the catalogue knows them, by name. "Read only" is all that looks at a store. */
export function policiesOf(preset: Preset, catalogue: readonly PolicyView[]): string[] {
  const wanted = (policy: PolicyView): boolean => {
    if (preset === "read") return policy.store && policy.tier === "see";
    if (preset === "full") return policy.name === "unrestricted";
    return (preset === "shop" ? SHOP : INVOICES).includes(policy.name);
  };
  return catalogue.filter(wanted).map((policy) => policy.name).sort();
}

/** The preset that is exactly this set, if one is. */
export function presetOf(chosen: ReadonlySet<string>, catalogue: readonly PolicyView[]): Preset | null {
  const same = (preset: Preset) => {
    const policies = policiesOf(preset, catalogue);
    return policies.length > 0 && policies.length === chosen.size && policies.every((one) => chosen.has(one));
  };
  return presets.find(same) ?? null;
}

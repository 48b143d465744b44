import type { KeyView } from "../host/bindings/KeyView";
import type { PolicyView } from "../host/bindings/PolicyView";
import { words } from "../words";
import type { Reach } from "../words/words.forms";

/** The policies of a key, each with the stores it is narrowed to; none means all stores. */
export class Scopes {
  readonly policies: ReadonlyMap<string, readonly string[]>;

  constructor(policies: ReadonlyMap<string, readonly string[]>) {
    this.policies = policies;
  }

  static of(permissions: readonly string[]): Scopes {
    const policies = new Map<string, string[]>();
    const everywhere = new Set(permissions.filter((one) => !one.includes(":")));
    for (const permission of permissions) {
      const [policy = permission, store] = split(permission);
      const stores = policies.get(policy) ?? [];
      if (store !== undefined && !everywhere.has(policy)) stores.push(store);
      policies.set(policy, stores);
    }
    return new Scopes(policies);
  }

  /** As a key holds them. */
  get written(): string[] {
    const written = [...this.policies].flatMap(([policy, stores]) =>
      stores.length === 0 ? [policy] : stores.map((store) => `${policy}:${store}`),
    );
    return written.sort();
  }

  /** Every store that is named. */
  get named(): string[] {
    return [...new Set([...this.policies.values()].flat())];
  }

  /** The stores that some policy holds for; none where one holds for all. Policies that are in no store do not count. */
  get widest(): string[] {
    const everywhere = [...this.policies].some(([policy, stores]) => isOfStores(policy) && stores.length === 0);
    return everywhere ? [] : this.named;
  }

  /** Whether its policies hold for different stores. */
  get mixed(): boolean {
    const scopes = [...this.policies].filter(([policy]) => isOfStores(policy)).map(([, stores]) => [...stores].sort().join());
    return new Set(scopes).size > 1;
  }

  /** With a policy more, in the stores that the others hold for, or less. */
  toggled(policy: string, scopable: boolean): Scopes {
    const policies = new Map(this.policies);
    if (!policies.delete(policy)) policies.set(policy, scopable ? (this.mixed ? this.named : this.widest) : []);
    return new Scopes(policies);
  }

  /** With a store more or less, alike for all policies that can be narrowed. */
  inStore(store: string, scopable: ReadonlySet<string>): Scopes {
    const { named } = this;
    const stores = named.includes(store) ? named.filter((one) => one !== store) : [...named, store];
    return new Scopes(new Map([...this.policies].map(([policy, before]) => [policy, scopable.has(policy) ? stores : before])));
  }
}

/** Whether permissions allow all that another one does, by themselves or by what they include. */
export function covers(held: readonly string[], wanted: string, catalogue: readonly PolicyView[]): boolean {
  const [policy, store] = split(wanted);
  return held.some((one) => {
    const [grant, scope] = split(one);
    return (scope === undefined || scope === store) && includes(grant, policy, catalogue);
  });
}

/** "Unrestricted" includes what nobody includes. */
function includes(grant: string, policy: string, catalogue: readonly PolicyView[]): boolean {
  if (grant === policy || grant === "unrestricted") return true;
  const children = catalogue.find((one) => one.name === grant)?.children ?? [];
  return children.some((child) => includes(child, policy, catalogue));
}

/** Permissions by where they hold, so that what holds for the same stores is said in one breath. */
export function reachesOf(permissions: readonly string[], nameOf: (store: string) => string): Reach[] {
  const scopes = [...Scopes.of(permissions).policies];
  const place = ([policy, stores]: readonly [string, readonly string[]]) => (isOfStores(policy) ? ["", ...stores].sort().join() : "account");
  return [...new Set(scopes.map(place))].map((where) => {
    const here = scopes.filter((one) => place(one) === where);
    return { policies: here.map(([policy]) => policy), stores: where === "account" ? null : (here[0]?.[1] ?? []).map(nameOf) };
  });
}

/** The catalogue with what a key holds beside it, such as a plugin's permissions. */
export function withUnknown(catalogue: readonly PolicyView[], key: KeyView): readonly PolicyView[] {
  const known = new Set(catalogue.map((policy) => policy.name));
  const unknown = [...Scopes.of(key.permissions).policies.keys()].filter((policy) => !known.has(policy));
  return [...catalogue, ...unknown.map((name): PolicyView => (
    { name, title: name, description: words.keyEdit.unknown, children: [], tier: "administer", store: isOfStores(name) }
  ))];
}

function isOfStores(policy: string): boolean {
  return policy.startsWith("btcpay.store.") || policy.startsWith("btcpay.plugin.store.");
}

function split(permission: string): [string, string | undefined] {
  const at = permission.indexOf(":");
  return at < 0 ? [permission, undefined] : [permission.slice(0, at), permission.slice(at + 1)];
}

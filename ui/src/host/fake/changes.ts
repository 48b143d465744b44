import type { ChangedPolicy } from "../bindings/ChangedPolicy";
import type { ChangesView } from "../bindings/ChangesView";
import type { ExtentView } from "../bindings/ExtentView";
import type { RequestView } from "../bindings/RequestView";
import type { YardstickView } from "../bindings/YardstickView";
import { isAbove } from "../../words/tiers";
import { closure, known, policyOf, tierOf, type Asked, type World } from "./world";

type Granted = RequestView & { grant: NonNullable<RequestView["grant"]> };

/** What was granted to the application of a request, newest first; to one of its identifier elsewhere, if to none here. */
export function grantedBefore(world: World, asked: Asked): Granted[] {
  if (asked.view.mode === "browser" && asked.redirect === null) return [];
  const granted = world.asked.map((one) => one.view).filter((view): view is Granted => view.grant !== null);
  const newest = granted.sort((a, b) => (b.ended ?? 0) - (a.ended ?? 0));
  const own = newest.filter((view) => JSON.stringify(view.application) === JSON.stringify(asked.view.application));
  return own.length > 0 ? own : newest.filter((view) => sameIdentifier(view, asked.view));
}

function sameIdentifier({ application: one }: RequestView, { application: other }: RequestView): boolean {
  return one.by === "identifier" && other.by === "identifier" && one.identifier === other.identifier;
}

export function changesOf(world: World, asked: Asked, user: string, granted: readonly string[]): ChangesView | null {
  const before = grantedBefore(world, asked);
  const last = before.find((one) => one.grant.user === user) ?? before[0];
  const first = before.at(-1);
  if (!last || !first || asked.trial) return null;
  const had = last.grant.permissions;
  const now = inStoresOf(had, asked, granted);
  const beyond = (one: readonly string[], other: readonly string[]) => one.filter((permission) => !covers(other, permission));
  const isNew = (permission: string, other: readonly string[]) => !other.some((held) => includes(policyOf(held), policyOf(permission)));
  const policies = (some: string[]) => [...new Set(some.map(policyOf))];
  const more = beyond(now, had);
  const less = beyond(had, now);
  const { program } = last;
  const otherProgram = program?.exe !== asked.view.program?.exe || program?.script !== asked.view.program?.script;
  return {
    since: first.ended ?? first.asked,
    last: last.ended ?? last.asked,
    otherUser: last.grant.user === user ? null : (world.users.find((one) => one.id === last.grant.user)?.email ?? null),
    more: policies(more.filter((one) => isNew(one, had))).map((one) => changed(one, had)),
    less: policies(less.filter((one) => isNew(one, now))).map((one) => changed(one, now)),
    wider: extent(world, more.filter((one) => !isNew(one, had))),
    narrower: extent(world, less.filter((one) => !isNew(one, now))),
    exactly: [...had].sort().join() === [...now].sort().join(),
    otherOrigin: last.origin === asked.view.origin ? null : last.origin,
    otherProgram,
    programBefore: program?.exe ? { exe: program.exe, script: program.script } : null,
  };
}

/** As long as no store is chosen, those of before are taken for chosen. */
function inStoresOf(had: readonly string[], asked: Asked, granted: readonly string[]): readonly string[] {
  const stores = [...new Set(had.flatMap((one) => one.split(":")[1] ?? []))];
  if (!asked.view.selectiveStores || granted.some((one) => one.includes(":"))) return granted;
  return granted.flatMap((one) => (known(policyOf(one))?.store ? stores.map((store) => `${one}:${store}`) : [one]));
}

const includes = (held: string, wanted: string) => held === wanted || closure(held).includes(wanted);

function covers(held: readonly string[], permission: string): boolean {
  const [policy = "", store] = permission.split(":");
  return held.some((one) => {
    const [own = "", scope] = one.split(":");
    return includes(own, policy) && (scope === undefined || scope === store);
  });
}

function changed(policy: string, rest: readonly string[]): ChangedPolicy {
  const brings = closure(policy).filter((below) => !rest.some((one) => includes(policyOf(one), below)));
  const title = (name: string) => known(name)?.title ?? name;
  return { policy, title: title(policy), tier: tierOf([policy]), includes: brings.map(title) };
}

function extent(world: World, permissions: readonly string[]): ExtentView {
  const ids = [...new Set(permissions.flatMap((one) => one.split(":")[1] ?? []))];
  const name = (id: string) => world.stores.find((store) => store.id === id)?.name ?? id;
  return { everywhere: permissions.some((one) => !one.includes(":")), stores: ids.map(name) };
}

const PLUGINS: Record<string, readonly string[]> = {
  WooCommerce: ["canviewinvoices", "cancreateinvoice", "canviewstoresettings", "canmodifyinvoices"],
  PrestaShop: [
    "canmodifystoresettings", "webhooks.canmodifywebhooks", "canviewstoresettings", "cancreateinvoice", "canviewinvoices",
    "canmodifyinvoices",
  ],
  "Drupal Commerce": ["canviewinvoices", "cancreateinvoice", "canviewstoresettings", "webhooks.canmodifywebhooks"],
};

/** The nearest plugin, by the desk's rule. */
export function yardstick(permissions: readonly string[]): YardstickView | null {
  const asked = [...new Set(permissions.map(policyOf))];
  const fits = Object.entries(PLUGINS).map(([name, short]) => {
    const plugin = short.map((one) => `btcpay.store.${one}`);
    return { name, plugin, more: asked.filter((one) => !plugin.includes(one)), less: plugin.filter((one) => !asked.includes(one)) };
  });
  const near = fits.filter(({ plugin, more, less }) => {
    const distance = more.length + less.length;
    const shared = asked.length - more.length;
    return distance === 0 || ((more.length === 0 || less.length === 0) && distance <= 2 && shared >= Math.max(2, distance)
      && !isAbove(tierOf(asked), tierOf(plugin)));
  });
  const [nearest] = near.sort((a, b) => a.more.length + a.less.length - b.more.length - b.less.length);
  const titles = (policies: readonly string[]) => policies.map((one) => known(one)?.title ?? one);
  return nearest ? { name: nearest.name, more: titles(nearest.more), less: titles(nearest.less) } : null;
}

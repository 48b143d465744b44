import type { KeyView } from "../bindings/KeyView";
import type { Receiver } from "../bindings/Receiver";
import type { RequestShow } from "../bindings/RequestShow";
import type { SheetPermission } from "../bindings/SheetPermission";
import type { SheetView } from "../bindings/SheetView";
import type { UserView } from "../bindings/UserView";
import { Refused } from "../host";
import { isAbove } from "../../words/tiers";
import { changesOf, yardstick } from "./changes";
import { whyNotRemembered } from "./remembering";
import { isStrange } from "../../words/facts";
import { askerView, nobodyListens } from "./receivers";
import { nameOfApplication } from "./register";
import {
  closure, isStorePolicy, known, policyOf, refused, seconds, storesOf, tierOf, userNamed, type Asked, type World,
} from "./world";

/** Choices checked against what was asked. */
export interface Consent {
  user: UserView;
  stores: string[];
  permissions: string[];
}

type Choices = Pick<RequestShow, "user" | "stores" | "permissions">;

export function waiting(world: World, id: string): Asked {
  const asked = world.asked.find((one) => one.view.id === id);
  if (!asked) throw refused("not-found", "there is no such request", "id");
  if (asked.view.status !== "pending") throw refused("not-pending", "the request is not waiting any more");
  return asked;
}

/** The application's name in the register: what it calls itself for the admin. */
export function applicationOf(asked: Asked): string | null {
  const { application, name } = asked.view;
  if (application.by === "unknown" && name === null) return null;
  return nameOfApplication({ identity: application, names: name === null ? [] : [name] });
}

export function requestShow(world: World, args: RequestShow): SheetView {
  const asked = waiting(world, args.id);
  const users = likeliest(world, asked);
  const user = args.user === null ? users[0] : userNamed(world, args.user, "user");
  if (!user) throw refused("not-found", "there is no user to make a key for", "user");
  const choices = { ...args, user: user.id };
  const consent = tryConsent(world, asked, choices);
  const granted = consent instanceof Refused ? asked.view.permissions : consent.permissions;
  const tier = tierOf(granted);
  const match = consent instanceof Refused ? { exact: null, wider: [] } : matching(world, asked, consent);
  return {
    request: asked.view,
    redirect: asked.redirect,
    users: users.map(({ id, email }) => ({ id, email, before: holds(world, asked, id) })),
    user: user.id,
    stores: storesOf(world, user.id).map(({ id, name }) => ({ id, name })),
    chosen: consent instanceof Refused ? args.stores : consent.stores,
    permissions: granted.map((one) => sheetPermission(world, one, user)),
    tier,
    trial: asked.trial,
    existing: match.exact,
    notRemembered: whyNotRemembered(asked, granted),
    changes: changesOf(world, asked, user.id, granted),
    holds: heldBy(world, asked, user.id),
    yardstick: yardstick(granted),
    wider: match.wider,
    asker: askerView(asked),
    numberNeeded: numberNeeded(asked, tier),
    passphraseNeeded: passphraseNeeded(world, granted, asked.view.receiver),
    problem: asked.view.receiver?.listener?.whose === "nobody" ? nobodyListens(asked.view.receiver)
      : consent instanceof Refused ? { code: consent.code, message: consent.message, field: consent.field } : null,
  };
}

export function numberNeeded(asked: Asked, tier: SheetView["tier"]): boolean {
  return asked.view.standing !== "known" || asked.unfamiliar || isAbove(tier, "sell");
}

export function passphraseNeeded(world: World, granted: string[], receiver: Receiver | null): boolean {
  const tier = tierOf(granted);
  return isStrange(receiver) || tier === "administer" || (tier === "move-money" && Date.now() - world.shownAt > 120_000);
}

function tryConsent(world: World, asked: Asked, choices: Choices): Consent | Refused {
  try {
    return consentTo(world, asked, choices);
  } catch (thrown) {
    return Refused.from(thrown);
  }
}

/** What the choices would grant; refuses what the desk refuses. */
export function consentTo(world: World, asked: Asked, choices: Choices): Consent {
  const { view } = asked;
  const user = choices.user === null ? world.users[0] : userNamed(world, choices.user, "user");
  if (!user) throw refused("not-found", "there is no admin", "user");
  if (view.permissions.length === 0 && view.unknown.length > 0) {
    throw refused("invalid", "none of the permissions asked is known: the request can only be refused", "permission");
  }
  const own = storesOf(world, user.id).map((store) => store.id);
  if (choices.stores.some((id) => !own.includes(id))) {
    throw refused("invalid", "the user does not belong to this store", "store");
  }
  const chosen = choices.permissions ?? view.permissions;
  if (view.strict && choices.permissions !== null && [...chosen].sort().join() !== [...view.permissions].sort().join()) {
    throw refused("invalid", "the request is strict: granted exactly as asked, or refused", "permission");
  }
  if (!view.selectiveStores) return { user, stores: [], permissions: [...chosen].sort() };
  const stores = choices.stores.length === 0 && own.length === 1 ? own : choices.stores;
  if (stores.length === 0 && chosen.some((one) => isStorePolicy(one) && !one.includes(":"))) {
    throw refused("store-needed", "at least one store has to be chosen", "store");
  }
  const narrowed = chosen.flatMap((one) =>
    isStorePolicy(one) && !one.includes(":") ? stores.map((store) => `${one}:${store}`) : [one],
  );
  return { user, stores, permissions: narrowed.sort() };
}

/** A key that could be handed over again, and those that may do more. */
export function matching(world: World, asked: Asked, consent: Consent) {
  const application = asked.redirect === null ? null : applicationOf(asked);
  const held = world.keys.filter(
    (key) =>
      key.user === consent.user.id && key.state === "live" && application !== null && key.application === application &&
      (key.replaced === null || key.replaced.outlook === "stays"),
  );
  const wanted = new Set(consent.permissions);
  const fits = (key: KeyView) =>
    key.permissions.every((one) => wanted.has(one)) && (!asked.view.strict || key.permissions.length === wanted.size);
  const wider = held
    .filter((key) => [...wanted].every((one) => key.permissions.includes(one)) && key.permissions.length > wanted.size)
    .map((key) => ({ id: key.id, label: key.label, extra: key.permissions.filter((one) => !wanted.has(one)) }));
  return { exact: isStrange(asked.view.receiver) ? null : (held.find(fits) ?? null), wider };
}

/** The live keys of its application and a user. */
export function heldBy(world: World, asked: Asked, user: string): KeyView[] {
  const anyPage = asked.view.mode === "browser" && asked.redirect === null;
  const application = asked.trial || anyPage ? null : applicationOf(asked);
  return world.keys
    .filter((key) => key.user === user && key.state === "live" && application !== null && key.application === application)
    .sort((a, b) => b.created - a.created);
}

function holds(world: World, asked: Asked, user: string): boolean {
  const application = applicationOf(asked);
  return application !== null && world.keys.some((key) => key.user === user && key.application === application);
}

function likeliest(world: World, asked: Asked): UserView[] {
  const rank = (user: UserView) => (holds(world, asked, user.id) ? 0 : user.admin ? 1 : 2);
  return world.users.filter((user) => !user.disabled).sort((a, b) => rank(a) - rank(b));
}

function sheetPermission(world: World, permission: string, user: UserView): SheetPermission {
  const policy = policyOf(permission);
  const store = permission.split(":")[1] ?? null;
  const usable = policy.startsWith("btcpay.server.") ? user.admin
    : store === null || storesOf(world, user.id).some((own) => own.id === store);
  return {
    permission,
    policy,
    title: known(policy)?.title ?? policy,
    store,
    tier: tierOf([permission]),
    includes: closure(policy).map((name) => known(name)?.title ?? name),
    usable,
  };
}

/** Waiting requests first, then ended ones, newest first. */
export function requestList(world: World) {
  const end = seconds();
  for (const asked of world.asked) {
    const { view } = asked;
    if (view.status === "pending" && view.expiresAt !== null && view.expiresAt <= end) {
      asked.view = { ...view, status: "expired", ended: end, expiresAt: null };
    }
  }
  const views = world.asked.map((one) => one.view);
  const pending = views.filter((view) => view.status === "pending");
  const ended = views.filter((view) => view.status !== "pending");
  return [...pending, ...ended.sort((a, b) => (b.ended ?? 0) - (a.ended ?? 0))];
}

import type { Approve } from "../bindings/Approve";
import type { ApprovedView } from "../bindings/ApprovedView";
import type { Deliver } from "../bindings/Deliver";
import type { DeliveredView } from "../bindings/DeliveredView";
import type { GrantView } from "../bindings/GrantView";
import type { RequestStatus } from "../bindings/RequestStatus";
import type { RequestView } from "../bindings/RequestView";
import { isAbove } from "../../words/tiers";
import { addKey, linkApplications, secretOf } from "./keys";
import { note } from "./log";
import { checkReceiver } from "./receivers";
import { register } from "./register";
import { firstUse, takeOver } from "./replacing";
import { remember, whyNotRemembered } from "./remembering";
import { applicationOf, consentTo, heldBy, matching, numberNeeded, passphraseNeeded, waiting } from "./requests";
import { NUMBER, refused, seconds, tierOf, type Asked, type World } from "./world";

/** Approves as the desk does, in its order: number, choices, existing key, window's rules, grant. */
export function approve(world: World, args: Approve): ApprovedView {
  const asked = waiting(world, args.id);
  checkNumber(world, asked, args);
  const consent = consentTo(world, asked, args);
  const { exact, wider } = matching(world, asked, consent);
  if (exact && args.matching === null) {
    throw refused("choice-needed", `key ${exact.id} matches: hand it over or make a new one`);
  }
  if (!exact && args.matching === "existing") {
    throw refused("invalid", "no key matches what this request would be granted", "existing");
  }
  const strange = args.stopOld.find((id) => !heldBy(world, asked, consent.user.id).some((key) => key.id === id));
  if (strange) throw refused("invalid", `${strange} is no live key of this application and user`, "stop_old");
  checkReceiver(asked, args);
  checkEnd(args);
  checkRules(world, asked, args, consent.permissions);
  const application = applicationOf(asked);
  const label = args.label ?? application ?? "";
  const existing = exact !== null && args.matching === "existing";
  const nowhere = asked.redirect === null && asked.view.mode === "browser";
  const last = asked.trial ? seconds() + 600 : null;
  const extras = { application, expires: args.expires ?? last, neverCollected: !nowhere };
  const key = existing && exact ? exact : addKey(world, consent.user, label, consent.permissions, extras);
  const grant: GrantView = {
    key: key.id,
    user: consent.user.id,
    permissions: key.permissions,
    existing,
    delivery: nowhere ? "shown" : "never",
    delivered: nowhere ? seconds() : null,
    firstUsed: key.firstUsed,
    lastUsed: key.lastUsed,
  };
  if (args.remember) {
    const why = whyNotRemembered(asked, consent.permissions);
    if (why !== null) throw refused("invalid", why, "remember");
  }
  if (!existing) takeOver(world, key, args.stopOld);
  end(world, asked, "approved", grant);
  if (args.remember) remember(world, asked, key);
  if (!nowhere) setTimeout(() => collect(world, asked), 1_500);
  return { id: args.id, status: "approved", grant, receiver: asked.view.receiver, apiKey: nowhere ? secretOf(world, key.id) : null, wider };
}

export function refuse(world: World, args: { id: string; block: boolean }): RequestView {
  const asked = waiting(world, args.id);
  if (args.block) asked.view = { ...asked.view, standing: "blocked" };
  end(world, asked, "refused", null);
  return asked.view;
}

export function deliver(world: World, args: Deliver): DeliveredView {
  const asked = world.asked.find((one) => one.view.id === args.id);
  if (!asked?.view.grant) throw refused("invalid", "this request was not granted", "id");
  const key = world.keys.find((one) => one.id === asked.view.grant?.key);
  if (key?.state !== "live") throw refused("invalid", "the key of this request does not work any more", "id");
  if (asked.view.grant.delivery === "withheld" && args.receiver === null) {
    throw refused("receiver-changed", "node listens there now, and not apache2", "receiver");
  }
  if (asked.view.mode === "program" && asked.redirect) {
    throw refused("failed", "the app did not take the key; is it running and listening?");
  }
  return { id: args.id, status: "approved", until: seconds() + 300 };
}

function checkNumber(world: World, asked: Asked, args: Approve): void {
  if (typeof args.proof === "string") return;
  const { number } = args.proof;
  if (!Number.isInteger(number) || number < 10 || number > 99) {
    throw refused("invalid", "the number has two digits, 10 to 99", "number");
  }
  if (number === NUMBER) return;
  asked.wrong += 1;
  if (asked.wrong < 2) {
    const message = "this is not the number the app shows; one more wrong number ends the request";
    throw refused("wrong-number", message, "number");
  }
  end(world, asked, "refused", null);
  throw refused("wrong-number", "wrong again: the request has ended and nothing was given", "number");
}

function checkEnd(args: Approve): void {
  if (args.expires !== null && args.expires <= seconds()) {
    throw refused("invalid", "the end has to be later than now", "expires");
  }
}

function checkRules(world: World, asked: Asked, args: Approve, granted: string[]): void {
  const tier = tierOf(granted);
  if (args.proof === "passphrase" && numberNeeded(asked, tier)) {
    throw refused("invalid", "type the number that the app shows", "number");
  }
  if (args.proof === "noNumber") {
    if (asked.view.mode === "browser") throw refused("invalid", "a browser shows the number on its page", "number");
    if (isAbove(tier, "sell")) throw refused("invalid", "a key that can do this much needs the number", "number");
    if (args.expires === null || args.expires > seconds() + 86_400) {
      throw refused("invalid", "without a number the key lives for a day at most", "expires");
    }
  }
  if (args.proof === "noNumber" || passphraseNeeded(world, granted, asked.view.receiver)) checkPassphrase(world, args.passphrase);
}

function checkPassphrase(world: World, shown: string | null): void {
  if (shown === null) throw refused("passphrase-needed", "this needs the passphrase", "passphrase");
  if (shown !== world.passphrase) {
    throw refused("wrong-passphrase", "this passphrase does not open the vault", "passphrase");
  }
  world.shownAt = Date.now();
}

function end(world: World, asked: Asked, status: RequestStatus, grant: GrantView | null): void {
  asked.view = { ...asked.view, status, grant, ended: seconds(), expiresAt: null };
  note(world, status === "approved" ? "request-approved" : "request-refused", asked.view.id);
  register(world, asked);
  linkApplications(world);
  world.changed();
}

function collect(world: World, asked: Asked): void {
  const { grant } = asked.view;
  if (!grant) return;
  const delivery = asked.view.mode === "browser" ? "form-post" : asked.redirect ? "json-post" : "collected";
  asked.view = { ...asked.view, status: "delivered", grant: { ...grant, delivery, delivered: seconds() } };
  setTimeout(() => firstUse(world, grant.key), 4_000);
  world.keys = world.keys.map((key) => (key.id === grant.key ? { ...key, neverCollected: false } : key));
  world.changed();
}

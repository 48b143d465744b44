import type { Program } from "../bindings/Program";
import type { RememberedListView } from "../bindings/RememberedListView";
import type { RememberedView } from "../bindings/RememberedView";
import type { UserView } from "../bindings/UserView";
import { isAbove } from "../../words/tiers";
import { ask, identified } from "./asking";
import { addKey } from "./keys";
import { note } from "./log";
import { register, nameOfApplication } from "./register";
import { hex, refused, seconds, tierOf, type Asked, type World } from "./world";

const MONTH = 30 * 86_400;
const SCRIPTED = /\/(python|php|node|ruby|perl|sh|bash|curl)[0-9.]*$/;

/** Why the same may not be approved again without asking. */
export function whyNotRemembered(asked: Asked, granted: readonly string[]): string | null {
  const { view, trial } = asked;
  if (trial) return "a trial is not remembered";
  if (view.mode === "browser") return "a browser shows whatever page was opened: what it asks for is never approved without asking";
  if (view.program?.script || SCRIPTED.test(view.program?.exe ?? "/sh")) {
    return "the program runs other people's scripts: what it asks for is never approved without asking";
  }
  if (isAbove(tierOf(granted), "sell")) return "a key that can do this much is decided on each time";
  return view.unencrypted ? "who receives the key cannot be told for sure" : null;
}

export function rememberedList(world: World): RememberedListView {
  const rows = world.remembered.flatMap((one) => {
    const key = world.keys.find((held) => held.id === one.key.id);
    return key ? [{ ...one, key }] : [];
  });
  return { rows: rows.filter((one) => one.until > seconds()), damaged: world.damaged };
}

export function rememberedForget(world: World, { id }: { id: string }): void {
  const known = world.remembered.some((one) => one.id === id) || world.damaged.includes(id);
  if (!known) throw refused("not-found", "no such remembered decision", "id");
  world.remembered = world.remembered.filter((one) => one.id !== id);
  world.damaged = world.damaged.filter((one) => one !== id);
  note(world, "decision-forgotten", id);
  world.changed();
}

/** Remembers an approval, in place of what was said of the same key before. */
export function remember(world: World, asked: Asked, key: RememberedView["key"]): void {
  const { view, redirect } = asked;
  const program = { exe: view.program?.exe ?? "", script: null };
  const application = world.applications.find((one) => JSON.stringify(one.identity) === JSON.stringify(view.application));
  world.remembered = world.remembered.filter((one) => one.key.id !== key.id);
  world.remembered.unshift({
    id: view.id, application: application?.id ?? hex(world, 16), program, key, permissions: key.permissions, address: redirect,
    name: nameOfApplication({ identity: view.application, names: view.name === null ? [] : [view.name] }),
    receiver: view.receiver, since: seconds(), until: seconds() + MONTH, uses: 0, lastUsed: null,
  });
  note(world, "decision-remembered", view.id);
}

/** What has just come in and is remembered is approved by itself: answers whether a key went out. */
export function repeatOne(world: World): boolean {
  const [row] = world.remembered;
  if (!row) return false;
  row.uses += 1;
  row.lastUsed = seconds();
  note(world, "request-repeated", row.id);
  world.changed();
  return true;
}

/** A card terminal that speaks for itself asks; its scale is approved without asking, and somebody has written a row. */
export function terminals(world: World, ana: UserView): void {
  const permissions = ["btcpay.store.cancreateinvoice", "btcpay.store.canviewinvoices"];
  const terminal: Program = {
    pid: 900, exe: "/opt/terminal/terminald", script: null, uid: 1000, user: "ana", started: seconds() - 3_000, parent: null, terminal: null,
  };
  const wanted = { permissions, mode: "program", program: terminal } as const;
  ask(world, { ...wanted, permissions: [...permissions], name: "Card terminal", application: identified("terminal", "http://localhost:7300") },
    "http://localhost:7300/key");
  const scale = ask(world, {
    ...wanted, permissions: [...permissions], name: "Scale", standing: "known", application: identified("scale", "http://localhost:7400"),
    program: { ...terminal, exe: "/opt/scale/scaled" },
  }, "http://localhost:7400/key");
  const key = addKey(world, ana, "Scale", permissions, { application: "Scale", ago: 900_000, used: 400 });
  const grant = { key: key.id, user: ana.id, permissions, existing: false, delivery: "json-post" as const, delivered: seconds() - 900_000, firstUsed: null, lastUsed: null };
  scale.view = { ...scale.view, status: "delivered", ended: seconds() - 900_000, asked: seconds() - 900_000, expiresAt: null, grant };
  register(world, scale);
  remember(world, scale, key);
  Object.assign(world.remembered[0] ?? {}, { since: seconds() - 900_000, until: seconds() - 900_000 + MONTH, uses: 41, lastUsed: seconds() - 400 });
  world.damaged = [hex(world, 32)];
}

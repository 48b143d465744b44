import type { ApplicationIdentity } from "../bindings/ApplicationIdentity";
import type { Program } from "../bindings/Program";
import type { RequestView } from "../bindings/RequestView";
import type { UserView } from "../bindings/UserView";
import { ended } from "./asking";
import { addKey } from "./keys";
import { addStore, addUser } from "./people";
import { addApplication, nameOfApplication, type Registered } from "./register";
import { seconds, type World } from "./world";

const STORES = ["Bakery", "Front counter", "Online shop", "Market stall", "Workshop", "Café", "Repairs", "Tickets"];
const KINDS = ["Shop", "Till", "Ledger", "Reports", "Donations", "Backup", "Kiosk", "Invoices", "Payroll", "Stock"];
const PLACES = ["North", "Harbour", "Main Street", "Station", "Old Town", "Airport"];
const PEOPLE = ["ada", "boris", "chloe", "dmitri", "elena", "farid", "greta", "hugo", "ines", "jonas", "kira", "leo", "mara"];
const SETS = [
  ["btcpay.store.canviewinvoices", "btcpay.store.cancreateinvoice"],
  ["btcpay.store.canviewinvoices", "btcpay.store.canviewreports"],
  ["btcpay.store.canmodifyinvoices", "btcpay.store.canviewstoresettings", "btcpay.store.webhooks.canmodifywebhooks"],
  ["btcpay.store.canmodifystoresettings"],
  ["unrestricted"],
  [],
];
const YEAR = 31_000_000;

/** How many there are of each. */
export interface Crowd {
  users: number;
  stores: number;
  applications: number;
  keys: number;
  requests: number;
}

/** Fills the world up to these numbers, the same way on every start. */
export function crowd(world: World, size: Crowd): void {
  const upTo = (count: number, have: number, make: (index: number) => void) => {
    for (let i = have; i < count; i++) make(i);
  };
  upTo(size.users, world.users.length, (i) => person(world, i));
  upTo(size.stores, world.stores.length, (i) => shop(world, i));
  upTo(size.applications, world.applications.length, (i) => application(world, i));
  upTo(size.keys, world.keys.length, (i) => key(world, i));
  upTo(size.requests, world.asked.length, () => request(world));
}

function some<T>(world: World, list: readonly T[]): T {
  return list[Math.floor(world.random() * list.length)] as T;
}

function ago(world: World, most: number): number {
  return Math.floor(world.random() * most);
}

function person(world: World, index: number): void {
  const user = addUser(world, `${some(world, PEOPLE)}${index}@shop.example`, world.random() < 0.05, world.random() < 0.3, ago(world, YEAR));
  user.disabled = world.random() < 0.08;
}

function shop(world: World, index: number): void {
  const owner = world.random() < 0.6 ? world.users[1] : some(world, world.users);
  if (owner) addStore(world, `${some(world, STORES)} ${index}`, owner, ago(world, YEAR));
}

function application(world: World, index: number): void {
  const name = `${some(world, PLACES)} ${some(world, KINDS)}`;
  const dice = world.random();
  const standing = dice < 0.55 ? "known" : dice < 0.92 ? "new" : "blocked";
  const first = seconds() - ago(world, YEAR);
  const last = first + Math.floor(world.random() * (seconds() - first));
  const identity = identityOf(world, name, index);
  const names = identity.by === "program" && world.random() < 0.7 ? [] : [name];
  if (names.length > 0 && world.random() < 0.2) names.push(`${name} (old)`, some(world, KINDS));
  addApplication(world, { identity, names, standing, firstSeen: first, lastSeen: last });
}

function identityOf(world: World, name: string, index: number): ApplicationIdentity {
  const slug = name.toLowerCase().replaceAll(" ", "-");
  const dice = world.random();
  if (dice < 0.55) return { by: "identifier", identifier: `${slug}-${index}`, origin: `http://localhost:${8_000 + index}` };
  if (dice < 0.8) return { by: "origin", origin: `https://${slug}-${index}.example` };
  return { by: "program", program: { exe: "/usr/bin/python3", script: `/home/ana/${slug}/${index}.py` } };
}

function key(world: World, index: number): void {
  const owner = some(world, world.users);
  const from = world.random() < 0.75 ? some(world, world.applications) : null;
  const made = ago(world, YEAR);
  const dice = world.random();
  const expires = world.random() < 0.3 ? seconds() + ago(world, YEAR) : null;
  const label = from?.names[0] ?? some(world, KINDS);
  addKey(world, owner, `${label} ${index + 1}`, some(world, SETS), {
    application: from && nameOfApplication(from),
    ago: made,
    used: world.random() < 0.2 ? null : ago(world, made),
    state: dice < 0.85 ? "live" : dice < 0.95 ? "revoked" : "expired",
    expires: dice < 0.95 ? expires : seconds() - ago(world, made),
  });
}

const ENDS: readonly RequestView["status"][] = ["delivered", "delivered", "delivered", "refused", "expired", "withdrawn", "superseded", "closed"];

/** An ended request of some application. */
function request(world: World): void {
  const app = some(world, world.applications);
  const status = some(world, ENDS);
  const held = world.keys.find((one) => one.application === nameOfApplication(app) && one.state === "live");
  const granted = status === "delivered" && held ? held : null;
  const permissions = granted?.permissions ?? some(world, SETS);
  ended(world, {
    name: app.names[0] ?? null,
    application: app.identity,
    standing: app.standing,
    status: status === "delivered" && !granted ? "expired" : status,
    permissions: [...permissions],
    mode: app.identity.by === "program" ? "program" : "browser",
    program: programOf(world, app),
    grant: granted && { key: granted.id, user: granted.user, permissions: [...permissions], existing: false, delivery: "form-post" },
  }, originOf(app), ago(world, YEAR / 4));
}

function originOf({ identity }: Registered): string | null {
  return identity.by === "identifier" || identity.by === "origin" ? identity.origin : null;
}

function programOf(world: World, { identity }: Registered): Program {
  const user: Pick<UserView, "email"> = world.users[1] ?? { email: "ana@shop.example" };
  const program = identity.by === "program" ? identity.program : { exe: some(world, ["/usr/lib/firefox/firefox", "/usr/bin/chromium"]), script: null };
  return { pid: 3_000 + ago(world, 9_000), ...program, uid: 1_000, user: user.email.split("@")[0] ?? null, started: null, parent: null, terminal: null };
}

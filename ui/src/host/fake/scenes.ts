import type { UserView } from "../bindings/UserView";
import { crowd, type Crowd } from "./crowd";
import { addKey, linkApplications } from "./keys";
import { backfill } from "./log";
import { addStore, addUser } from "./people";
import { replaceSome } from "./replacing";
import { PASSPHRASE, seconds, seeded, type World } from "./world";
import { terminals } from "./remembering";
import { comeAgain, comeChanged, tillWasServed } from "./returning";
import { history, pending } from "./asking";
import { receivers } from "./askers";

const SETS = [
  ["btcpay.store.canviewinvoices", "btcpay.store.cancreateinvoice"],
  ["btcpay.store.canviewinvoices", "btcpay.store.canviewreports"],
  ["btcpay.store.canmodifyinvoices", "btcpay.store.canviewstoresettings", "btcpay.store.webhooks.canmodifywebhooks"],
  ["btcpay.store.canmodifystoresettings"],
  ["unrestricted"],
  [],
];
const FEW: Crowd = { users: 10, stores: 20, applications: 10, keys: 100, requests: 40 };
const MANY: Crowd = { users: 40, stores: 300, applications: 60, keys: 2_000, requests: 400 };
const HUGE: Crowd = { ...MANY, keys: 100_000 };
const LONG = "المتجر الكبير 🥐🥖 ".repeat(3) + "A name that goes on ".repeat(9);

/**
 * A made-up world: `typical`, `again` (several known applications ask for what they have), `remembered` (some are approved
 * without asking), `changed` (others are not what they were), `receivers` (each request has one of another kind), `empty`,
 * `few` (100 keys), `many`, `huge`, `locked`, `fresh`, `long`, `closed`, `broken` or `tampered`, whose log somebody has
 * changed.
 */
export function makeWorld(scene: string): World {
  const world = bare();
  if (scene === "fresh") return { ...world, state: "fresh" };
  if (scene === "empty") {
    addUser(world, "ana@shop.example", true, false);
    backfill(world, 1);
    return world;
  }
  typical(world);
  if (scene === "few") crowd(world, FEW);
  if (scene === "many") crowd(world, MANY);
  if (scene === "huge") crowd(world, HUGE);
  if (scene === "long") long(world);
  const ana = world.users[1];
  if (scene === "again" && ana) comeAgain(world, ana);
  if (scene === "changed") comeChanged(world);
  if (scene === "remembered" && ana) terminals(world, ana);
  if (scene === "receivers") receivers(world);
  linkApplications(world);
  backfill(world, { many: 10_000, huge: 100_000 }[scene] ?? 120);
  if (scene === "tampered") world.faults = ["entry 7 was edited", "entries 31 to 34 were deleted"];
  if (scene === "locked") world.state = "locked";
  if (scene === "closed") Object.assign(world, { url: null, gateProblem: "port 21420 is held by nginx (pid 812)" });
  return world;
}

function bare(): World {
  return {
    state: "open",
    url: "http://127.0.0.1:21420",
    gateProblem: null,
    passphrase: PASSPHRASE,
    shownAt: -Infinity,
    settings: { basic: true, lockAfter: 15, clearClipboard: 20 },
    users: [],
    stores: [],
    keys: [],
    replaced: [],
    secrets: new Map(),
    asked: [],
    applications: [],
    notes: new Map(),
    remembered: [],
    damaged: [],
    log: [],
    faults: [],
    files: new Set(),
    random: seeded(7),
    changed: () => undefined,
  };
}

function typical(world: World): void {
  const admin = addUser(world, "admin@shop.example", true, true, 40_000_000);
  const ana = addUser(world, "ana@shop.example", false, false, 9_000_000);
  const ben = addUser(world, "ben@shop.example", false, true, 3_000_000);
  const bakery = addStore(world, "Bakery", ana, 8_900_000);
  bakery.members.push({ user: ben.id, email: ben.email, role: "Employee" });
  addStore(world, "Front counter", ana, 4_000_000);
  addStore(world, "Online shop", ana, 900_000);
  addStore(world, "Head office", admin, 30_000_000);
  const till = ["btcpay.store.canviewinvoices", "btcpay.store.cancreateinvoice"].map((one) => `${one}:${bakery.id}`);
  addKey(world, ana, "Front desk", till, { application: "Till", ago: 8_000_000, used: 120 });
  addKey(world, ana, "Bookkeeping", SETS[1] ?? [], { application: "Ledger", ago: 5_000_000, used: 50_000 });
  addKey(world, ana, "Old shop", SETS[2] ?? [], { ago: 7_000_000, state: "revoked" });
  addKey(world, admin, "Maintenance", SETS[4] ?? [], { ago: 700_000, used: 600_000 });
  pending(world);
  tillWasServed(world, ana);
  history(world, ana, admin);
  overAndDone(world, ana, admin);
}

/** Keys in the states that time and others bring about. */
function overAndDone(world: World, ana: UserView, admin: UserView): void {
  const invoices = SETS[0] ?? [];
  addKey(world, ana, "Summer market", invoices, { ago: 600_000, used: 4_000, expires: seconds() + 1_900_000 });
  addKey(world, ana, "Spring market", invoices, { ago: 20_000_000, used: 9_000_000, expires: seconds() - 8_000_000, state: "expired" });
  replaceSome(world, ana);
  addKey(world, admin, "Backup", SETS[3] ?? [], { ago: 31_000_000, state: "damaged" });
}

function long(world: World): void {
  const owner = addUser(world, `${"a-long-name-".repeat(14)}@shop.example`, false, false);
  addStore(world, LONG.slice(0, 50), owner);
  addKey(world, owner, LONG.slice(0, 200), SETS[2] ?? [], { application: LONG.slice(0, 200), used: 12 });
  world.asked = world.asked.map((one) => ({ ...one, view: { ...one.view, name: LONG.slice(0, 200) } }));
}

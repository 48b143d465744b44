import type { UserView } from "../bindings/UserView";
import { addKey } from "./keys";
import { addStore, addUser } from "./people";
import { PASSPHRASE, seconds, seeded, type World } from "./world";
import { history, pending } from "./asking";

const NAMES = ["Bakery", "Front counter", "Online shop", "Market stall", "Workshop", "Café", "Repairs", "Tickets"];
const LABELS = ["WooCommerce", "Till", "Front desk", "Reports", "PrestaShop", "Donations", "Backup", "Ledger sync"];
const SETS = [
  ["btcpay.store.canviewinvoices", "btcpay.store.cancreateinvoice"],
  ["btcpay.store.canviewinvoices", "btcpay.store.canviewreports"],
  ["btcpay.store.canmodifyinvoices", "btcpay.store.canviewstoresettings", "btcpay.store.webhooks.canmodifywebhooks"],
  ["btcpay.store.canmodifystoresettings"],
  ["unrestricted"],
  [],
];
const LONG = "المتجر الكبير 🥐🥖 ".repeat(3) + "A name that goes on ".repeat(9);

/** A made-up world: `typical`, `empty`, `many`, `locked`, `fresh`, `long`, `closed` or `broken`. */
export function makeWorld(scene: string): World {
  const world = bare();
  if (scene === "fresh") return { ...world, state: "fresh" };
  if (scene === "empty") {
    addUser(world, "ana@shop.example", true, false);
    return world;
  }
  typical(world);
  if (scene === "many") many(world);
  if (scene === "long") long(world);
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
    settings: { basic: true, lockAfter: 15 },
    users: [],
    stores: [],
    keys: [],
    secrets: new Map(),
    asked: [],
    random: seeded(7),
    changed: () => undefined,
  };
}

function typical(world: World): void {
  const admin = addUser(world, "admin@shop.example", true, true, 40_000_000);
  const ana = addUser(world, "ana@shop.example", false, false, 9_000_000);
  addUser(world, "ben@shop.example", false, true, 3_000_000);
  const bakery = addStore(world, "Bakery", ana, 8_900_000);
  addStore(world, "Front counter", ana, 4_000_000);
  addStore(world, "Online shop", ana, 900_000);
  addStore(world, "Head office", admin, 30_000_000);
  const till = ["btcpay.store.canviewinvoices", "btcpay.store.cancreateinvoice"].map((one) => `${one}:${bakery.id}`);
  addKey(world, ana, "Front desk", till, { application: "till", ago: 8_000_000, used: 120 });
  addKey(world, ana, "Bookkeeping", SETS[1] ?? [], { application: "ledger", ago: 5_000_000, used: 50_000 });
  addKey(world, ana, "Old shop", SETS[2] ?? [], { ago: 7_000_000, state: "revoked" });
  addKey(world, admin, "Maintenance", SETS[4] ?? [], { ago: 700_000, used: 600_000 });
  pending(world);
  history(world, ana, admin);
  ended(world, ana, admin);
}

/** Keys in the states that time and others bring about. */
function ended(world: World, ana: UserView, admin: UserView): void {
  const invoices = SETS[0] ?? [];
  addKey(world, ana, "Summer market", invoices, { ago: 600_000, used: 4_000, expires: seconds() + 1_900_000 });
  addKey(world, ana, "Spring market", invoices, { ago: 20_000_000, used: 9_000_000, expires: seconds() - 8_000_000, state: "expired" });
  addKey(world, admin, "Backup", SETS[3] ?? [], { ago: 31_000_000, state: "damaged" });
}

function many(world: World): void {
  const owners = Array.from({ length: 60 }, (_, i) => addUser(world, `user${i + 1}@shop.example`, false, i % 3 === 0));
  const pick = <T>(list: readonly T[]): T => list[Math.floor(world.random() * list.length)] as T;
  const ana = world.users[1];
  for (let i = 0; i < 300 && ana; i++) addStore(world, `${pick(NAMES)} ${i + 1}`, ana, i * 40_000);
  for (let i = 0; i < 10_000; i++) {
    const used = world.random() < 0.2 ? null : Math.floor(world.random() * 4_000_000);
    const ago = Math.floor(world.random() * 40_000_000);
    const state = world.random() < 0.9 ? "live" : "revoked";
    const expires = world.random() < 0.3 ? seconds() + Math.floor(world.random() * 30_000_000) : null;
    addKey(world, pick(owners), `${pick(LABELS)} ${i + 1}`, pick(SETS), { application: pick(LABELS), ago, used, state, expires });
  }
}

function long(world: World): void {
  const owner = addUser(world, `${"a-long-name-".repeat(14)}@shop.example`, false, false);
  addStore(world, LONG.slice(0, 50), owner);
  addKey(world, owner, LONG.slice(0, 200), SETS[2] ?? [], { application: LONG.slice(0, 200), used: 12 });
  world.asked = world.asked.map((one) => ({ ...one, view: { ...one.view, name: LONG.slice(0, 200) } }));
}

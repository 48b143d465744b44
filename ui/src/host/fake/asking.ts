import type { Program } from "../bindings/Program";
import type { RequestView } from "../bindings/RequestView";
import type { TrialView } from "../bindings/TrialView";
import type { UserView } from "../bindings/UserView";
import { addKey } from "./keys";
import { receiverOf, sender } from "./receivers";
import { register } from "./register";
import { hex, seconds, tierOf, type Asked, type World } from "./world";

type Wanted = Partial<RequestView> & Pick<RequestView, "permissions">;

const firefox: Program = {
  pid: 3120, exe: "/usr/lib/firefox/firefox", script: null, uid: 1000, user: "ana", started: null, parent: null, terminal: null,
};

export function python(script: string, age: number): Program {
  const parent = { pid: 4100, exe: "/usr/bin/bash" };
  return { pid: 4711, exe: "/usr/bin/python3", script, uid: 1000, user: "ana", started: seconds() - age, parent, terminal: "pts/3" };
}

export function identified(identifier: string, origin: string): RequestView["application"] {
  return { by: "identifier", identifier, origin };
}

export function ask(world: World, wanted: Wanted, redirect: string | null): Asked {
  const id = hex(world, 32);
  const asked: Asked = {
    view: {
      id, card: id, status: "pending", application: redirect === null ? { by: "unknown" } : { by: "origin", origin: new URL(redirect).origin }, standing: "new", name: null, looksAlike: false,
      mode: "browser", program: firefox, origin: redirect === null ? null : new URL(redirect).origin,
      unencrypted: false, unknown: [], tier: tierOf(wanted.permissions), strict: true, selectiveStores: false,
      sentBy: (wanted.mode ?? "browser") === "browser" ? sender(redirect) : null, receiver: receiverOf(redirect),
      askedTimes: 1, asked: seconds() - 20, expiresAt: seconds() + 272, existingKey: null, ended: null, grant: null,
      ...wanted,
    },
    redirect,
    wrong: 0,
    trial: false,
    unfamiliar: false,
    ended: false,
    looks: 0,
  };
  world.asked.push(asked);
  return asked;
}

/** The human's own browser asks, half a second later. */
export function tryIt(world: World): TrialView {
  const permissions = ["btcpay.store.canviewinvoices"];
  setTimeout(() => {
    ask(world, { name: "Trial of Fieldgate", permissions, asked: seconds(), expiresAt: seconds() + 300 }, null).trial = true;
    world.changed();
  }, 500);
  return { url: `${world.url}/api-keys/authorize?applicationName=Trial+of+Fieldgate&permissions=${permissions.join()}`, opened: true };
}

/** A request that ended so many seconds ago. */
export function ended(world: World, wanted: Wanted, redirect: string | null, ago: number): Asked {
  const when = { asked: seconds() - ago - 40, ended: seconds() - ago, expiresAt: null };
  const asked = ask(world, { ...wanted, ...when }, redirect);
  if (!asked.view.grant) asked.view = { ...asked.view, receiver: null };
  register(world, asked);
  return asked;
}

/** One waiting request for each way a sheet can read. */
export function pending(world: World): void {
  const store = (...names: string[]) => names.map((name) => `btcpay.store.${name}`);
  ask(world, {
    name: "WooCommerce", permissions: store("canviewinvoices", "cancreateinvoice", "canmodifyinvoices", "canviewstoresettings"),
    application: identified("woocommerce", "http://localhost:8080"), selectiveStores: true, askedTimes: 4,
    unknown: ["btcpay.store.cancanoe"],
  }, "http://localhost:8080/wc-api/btcpay");
  ask(world, {
    mode: "program", program: python("/home/ana/till/sync.py", 12), permissions: store("cancreateinvoice", "canviewinvoices"),
    application: { by: "program", program: { exe: "/usr/bin/python3", script: "/home/ana/till/sync.py" } },
    asked: seconds() - 11, expiresAt: seconds() + 289, strict: false,
  }, null);
  ask(world, {
    name: "Ledger", standing: "known", application: identified("ledger", "http://localhost:9000"),
    permissions: store("canviewinvoices", "canviewreports", "canmodifystoresettings"), expiresAt: seconds() + 190,
  }, "http://localhost:9000/btcpay");
  ask(world, {
    name: "Till", standing: "known", application: identified("till", "http://localhost:7000"), selectiveStores: true,
    permissions: store("canviewinvoices", "cancreateinvoice"), mode: "program", program: python("/opt/till/till.py", 40),
  }, "http://localhost:7000/key");
  ask(world, {
    name: "BTСPay", looksAlike: true, permissions: ["unrestricted"], unencrypted: true, expiresAt: seconds() + 44,
    application: { by: "origin", origin: "http://203.0.113.9" },
  }, "http://203.0.113.9/collect");
  ask(world, {
    name: "Gozo", permissions: [], unencrypted: true, application: { by: "origin", origin: "http://gozo.com" },
  }, "http://gozo.com/in");
  ask(world, { name: "Invoice viewer", permissions: store("canviewinvoices"), strict: false }, null);
  ask(world, { name: "Canoe club", permissions: [], unknown: ["btcpay.store.cancanoe"] }, "https://canoe.example/key");
  for (const { view, ...asked } of world.asked) {
    if (view.standing !== "known") continue;
    for (const ago of [5_100_000, 0]) register(world, { ...asked, view: { ...view, asked: view.asked - ago } });
  }
}

/** Ended requests of every kind. */
export function history(world: World, ana: UserView, admin: UserView): void {
  const permissions = ["btcpay.store.canviewinvoices", "btcpay.store.canviewreports"];
  const ledger = identified("ledger", "http://localhost:9000");
  const granted = world.keys.find((key) => key.label === "Bookkeeping");
  const end = (wanted: Wanted, redirect: string | null, ago: number) => ended(world, wanted, redirect, ago);
  const grantOf = (key: string, user: UserView, delivery: "never" | "withheld" | "form-post", out: number | null = null): RequestView["grant"] =>
    ({ key, user: user.id, permissions, existing: false, delivery, delivered: out, firstUsed: null, lastUsed: null });
  end({ name: "Ledger", standing: "known", status: "delivered", permissions, application: ledger,
    grant: grantOf(granted?.id ?? "", ana, "form-post", seconds() - 4_999_995) }, "http://localhost:9000/btcpay", 5_000_000);
  const lost = addKey(world, ana, "PrestaShop", permissions, { application: "PrestaShop", ago: 5_400, neverCollected: true });
  end({ name: "PrestaShop", status: "approved", permissions, application: identified("prestashop", "http://localhost:8081"),
    grant: grantOf(lost.id, ana, "withheld") }, "http://localhost:8081/cb", 5_400);
  const missed = addKey(world, admin, "Nightly report", permissions, { ago: 90_000, neverCollected: true });
  end({ name: "Nightly report", status: "undelivered", permissions, mode: "program", program: python("/srv/report.py", 90_100),
    grant: grantOf(missed.id, admin, "never") }, "http://127.0.0.1:5555/key", 90_000);
  end({ name: "Free coins", status: "refused", standing: "blocked", permissions: ["unrestricted"], unencrypted: true },
    "http://198.51.100.7/", 7_200);
  end({ name: null, status: "expired", permissions: permissions.slice(0, 1), mode: "program",
    program: python("/home/ana/try.py", 200_100) }, null, 200_000);
  end({ name: "Donations", status: "withdrawn", permissions: permissions.slice(0, 1) }, "http://localhost:8090/", 300_000);
  end({ name: "WooCommerce", status: "superseded", permissions }, "http://localhost:8080/", 400_000);
}

import type { RequestView } from "../bindings/RequestView";
import type { UserView } from "../bindings/UserView";
import { ask, ended, identified, python } from "./asking";
import { addKey } from "./keys";
import { register } from "./register";
import { seconds, type World } from "./world";

const store = (...names: string[]) => names.map((name) => `btcpay.store.${name}`);

/** How a key went out, so many seconds ago. */
const postedAgo = (ago: number) =>
  ({ delivery: "json-post" as const, delivered: seconds() - ago, firstUsed: null, lastUsed: null });

interface Served {
  name: string;
  identifier: string;
  port: number;
  script: string;
  permissions: string[];
}

const SERVED: readonly Served[] = [
  { name: "Kiosk", identifier: "kiosk", port: 7100, script: "/opt/kiosk/kiosk.py", permissions: store("canviewinvoices", "cancreateinvoice") },
  { name: "Monthly report", identifier: "monthly-report", port: 7200, script: "/srv/report/monthly.py", permissions: store("canviewinvoices", "canviewreports") },
];

/** What the till was granted, so that it can ask for it again. */
export function tillWasServed(world: World, ana: UserView): void {
  const key = world.keys.find((one) => one.label === "Front desk");
  if (!key) return;
  ended(world, {
    name: "Till", standing: "known", status: "delivered", application: identified("till", "http://localhost:7000"), selectiveStores: true,
    permissions: store("canviewinvoices", "cancreateinvoice"), mode: "program", program: python("/opt/till/till.py", 8_000_040),
    grant: { key: key.id, user: ana.id, permissions: key.permissions, existing: false, ...postedAgo(8_000_000) },
  }, "http://localhost:7000/key", 8_000_000);
}

/** After the computer was started again: more known applications want what they have. */
export function comeAgain(world: World, ana: UserView): void {
  for (const { name, identifier, port, script, permissions } of SERVED) {
    const redirect = `http://localhost:${port}/key`;
    const asks: Partial<RequestView> & Pick<RequestView, "permissions"> = {
      name, standing: "known", application: identified(identifier, `http://localhost:${port}`), permissions, mode: "program",
      program: python(script, 30),
    };
    const key = addKey(world, ana, name, permissions, { application: name, ago: 3_000_000, used: 5_000 });
    ended(world, {
      ...asks, status: "delivered", grant: { key: key.id, user: ana.id, permissions, existing: false, ...postedAgo(3_000_000) },
    }, redirect, 3_000_000);
    ask(world, asks, redirect);
  }
}

/** Requests that are not what they were: another program, another address, another store, less. */
export function comeChanged(world: World): void {
  const till = { name: "Till", permissions: store("canviewinvoices", "cancreateinvoice"), selectiveStores: true } as const;
  const other = ask(world, {
    ...till, standing: "known", application: identified("till", "http://localhost:7000"), permissions: [...till.permissions], mode: "program",
    program: python("/home/ana/Downloads/till.py", 5), asked: seconds() - 4,
  }, "http://localhost:7000/key");
  register(world, { ...other, view: { ...other.view, standing: "known" } });
  const elsewhere = ask(world, {
    ...till, name: "Till elsewhere", application: identified("till", "https://till.example"), permissions: [...till.permissions],
  }, "https://till.example/key");
  register(world, elsewhere);
  ask(world, {
    name: "Ledger light", standing: "known", application: identified("ledger", "http://localhost:9000"), permissions: store("canviewinvoices"),
  }, "http://localhost:9000/btcpay");
}

import type { Listener } from "../bindings/Listener";
import type { RequestView } from "../bindings/RequestView";
import { ask } from "./asking";
import { apache, node } from "./receivers";
import type { World } from "./world";

const PERMISSIONS = ["btcpay.store.canviewinvoices"];
const REDIRECT = "http://localhost:8080/key";

/** A request for each kind of receiver, page and asking program, by name. */
export function receivers(world: World): void {
  world.asked = world.asked.filter((one) => one.view.status !== "pending");
  const at = (listener: Listener): Partial<RequestView> => ({ receiver: { origin: "http://localhost:8080", listener } });
  const add = (name: string, wanted: Partial<RequestView>) => ask(world, { name, permissions: PERMISSIONS, ...wanted }, REDIRECT);
  add("Nobody", at({ whose: "nobody" }));
  add("Another user", at({ whose: "other-user", uid: 1001, user: "ben", program: null }));
  add("Unknown receiver", at({ whose: "unknown" }));
  add("Root", at({ whose: "root", program: null }));
  add("Untold", at({ whose: "own", program: null }));
  add("Elsewhere", { ...at(apache), sentBy: { by: "page", origin: "https://deals.example" } });
  add("Hidden", { ...at(apache), sentBy: { by: "hidden" } });
  add("Unknown program", { ...at(apache), program: null, sentBy: { by: "unknown" } });
  Object.assign(add("Changed", { ...at(node), standing: "known" }), { unfamiliar: true });
  Object.assign(add("Ended", at(apache)), { ended: true });
}

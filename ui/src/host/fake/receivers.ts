import type { Approve } from "../bindings/Approve";
import type { AskerView } from "../bindings/AskerView";
import type { CallError } from "../bindings/CallError";
import type { Listener } from "../bindings/Listener";
import type { Program } from "../bindings/Program";
import type { Receiver } from "../bindings/Receiver";
import type { ReceiverView } from "../bindings/ReceiverView";
import type { SentBy } from "../bindings/SentBy";
import { keyOf } from "../../state/receiver";
import { isLoopback } from "../../words/facts";
import { refused, seconds, type Asked, type World } from "./world";

/** How often one looks at nobody before somebody listens. */
const PATIENCE = 3;

function server(name: string, pid: number): Program {
  return {
    pid, exe: `/usr/sbin/${name}`, script: null, uid: 1000, user: "ana", started: seconds() - 50_000, parent: { pid: 1, exe: null },
    terminal: null,
  };
}

export const apache: Listener = { whose: "own", program: server("apache2", 812) };
export const node: Listener = { whose: "own", program: { ...server("node", 7344), exe: "/usr/bin/node", script: "/home/ana/shop/server.js" } };

/** What receives a key at a redirect, unless a scene says otherwise. */
export function receiverOf(redirect: string | null): Receiver | null {
  if (redirect === null) return null;
  const { origin } = new URL(redirect);
  return { origin, listener: isLoopback(origin) ? apache : null };
}

/** The page that sends a browser with this redirect, unless a scene says otherwise. */
export function sender(redirect: string | null): SentBy {
  return redirect === null ? { by: "nobody" } : { by: "page", origin: new URL(redirect).origin };
}

export function askerView(asked: Asked): AskerView {
  const same = !asked.unfamiliar;
  const known = asked.view.standing === "known" ? { program: same, sentBy: same, receiver: same } : null;
  return { runs: !asked.ended, familiar: known };
}

export function nobodyListens({ origin }: Receiver): CallError {
  return { code: "nobody-listens", message: `nothing listens at ${origin} yet: start it`, field: "receiver" };
}

/** Where nobody listens, somebody does after some looks; what was withheld would go to another program by now. */
export function receiverShow(world: World, id: string): ReceiverView {
  const asked = world.asked.find((one) => one.view.id === id);
  if (!asked) throw refused("not-found", "there is no such request", "id");
  const { receiver, grant } = asked.view;
  if (receiver?.listener?.whose === "nobody" && ++asked.looks > PATIENCE) {
    asked.view = { ...asked.view, receiver: { ...receiver, listener: node } };
  }
  const now = grant?.delivery === "withheld" && receiver ? { ...receiver, listener: node } : asked.view.receiver;
  return { approved: grant ? receiver : null, now, same: grant !== null && keyOf(now) === keyOf(receiver) };
}

export function checkReceiver({ view }: Asked, args: Approve): void {
  if (view.receiver?.listener?.whose === "nobody") {
    const { code, message } = nobodyListens(view.receiver);
    throw refused(code, message, "receiver");
  }
  if (args.receiver && keyOf(args.receiver) !== keyOf(view.receiver)) {
    throw refused("receiver-changed", "another program listens there now", "receiver");
  }
}

import type { ChangedPolicy } from "../host/bindings/ChangedPolicy";
import type { ExtentView } from "../host/bindings/ExtentView";
import { time } from "./en.time";
import { baseName } from "./facts";
import { doings, list } from "./phrases";
import { isAbove } from "./tiers";
import type { Change, ChangesWords, ReviewWords } from "./words.changes";

const THIS_INCLUDES = " This includes wallets and payouts.";

/** What comes in the train of a permission that lets money go out. */
export function includedIn(policies: readonly string[]): string {
  return policies.includes("btcpay.store.canmodifystoresettings") ? THIS_INCLUDES : "";
}

function counted(sign: "+" | "−", all: readonly ChangedPolicy[]): Change[] {
  if (all.length === 0) return [];
  const policies = all.map((one) => one.policy);
  const what = list(doings(policies).map((doing) => doing.text));
  const rest = sign === "+" ? includedIn(policies) : "";
  return [{ sign: `${sign}${all.length}:`, text: `${what}.${rest}`, loud: sign === "+" && all.some((one) => isAbove(one.tier, "sell")) }];
}

function reach({ everywhere, stores }: ExtentView, all: string, some: string): Change[] {
  if (everywhere) return [{ sign: "", text: all, loud: false }];
  return stores.length === 0 ? [] : [{ sign: "", text: some, claim: list(stores), loud: false }];
}

const isNowhere = ({ everywhere, stores }: ExtentView) => !everywhere && stores.length === 0;
const program = ({ exe, script }: { exe: string; script: string | null }) => (script === null ? exe : `${baseName(exe)} ${script}`);

export const changes: ChangesWords = {
  title: "What changes",
  lines(view) {
    const day = time.day(view.last);
    const lines: Change[] = [];
    if (view.otherOrigin !== null) {
      lines.push({ sign: "", text: "Another address. The last key went to", claim: view.otherOrigin, loud: true });
    }
    if (view.otherProgram) {
      const before = view.programBefore;
      lines.push(before
        ? { sign: "", text: "Another program. The last key was asked for by", claim: program(before), loud: true }
        : { sign: "", text: "The program that asked for the last key was not recognised.", loud: true });
    }
    lines.push(...counted("+", view.more));
    lines.push(...reach(view.wider, "Now in all stores, later ones too.", "Also in"));
    lines.push(...counted("−", view.less));
    lines.push(...reach(view.narrower, "Not in all stores any more.", "Not any more in"));
    if (view.otherUser !== null) lines.push({ sign: "", text: "The last key belongs to", claim: view.otherUser, loud: false });
    if (view.exactly) lines.push({ sign: "", text: `Nothing: exactly what it was granted on ${day}.`, loud: false });
    else if (view.more.length + view.less.length === 0 && isNowhere(view.wider) && isNowhere(view.narrower)) {
      lines.push({ sign: "", text: `Nothing more and nothing less than on ${day}, put in other words.`, loud: false });
    }
    return lines;
  },
  holds: "Keys it holds",
  holdsLead: (count) => (count === 1 ? "It keeps working until you stop it." : "They keep working until you stop them."),
  again: "can be handed over again",
  more: (count) => `and ${count} more`,
  openKey: "Show this key; the request keeps waiting",
  yardstick({ name, more, less }) {
    if (more.length > 0) return `${more.length} more than the ${name} plugin asks`;
    if (less.length > 0) return `${less.length} fewer than the ${name} plugin asks`;
    return `Exactly what the ${name} plugin asks`;
  },
};

export const review: ReviewWords = {
  title: (count) => `${count} known applications ask again for exactly what they have`,
  lead: "Same program, same address, same permissions. Nothing new is made: each gets the key it has.",
  key: "key",
  allStores: "all stores",
  lastUsed: "last used",
  sameProgram: "by",
  tick: (name) => `Hand over again to ${name}`,
  review: "Look at it",
  handOver: (count) => (count === 0 ? "Hand over again" : `Hand over again (${count})`),
  noneTicked: "Tick at least one.",
  done: (count) => (count === 1 ? "1 key was handed over again." : `${count} keys were handed over again.`),
  failed: "These were not handed over and keep waiting:",
};

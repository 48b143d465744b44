import type { Receiver } from "../host/bindings/Receiver";
import { includedIn } from "./en.changes";
import { receiver as words } from "./en.receiver";
import { isStrange, type Likeness, type SentenceFacts } from "./facts";
import { doings, list } from "./phrases";
import { time } from "./en.time";
import { isAbove } from "./tiers";
import type { Held, Piece } from "./words";

const say = (text: string): Piece => ({ text });
const strong = (text: string): Piece => ({ text, strong: true });

/** What the permissions let a key do; the parts that reach furthest are strong. */
export function summary(held: readonly Held[]): Piece[] {
  if (held.length === 0) return [strong("do nothing")];
  const highest = held.map((one) => one.tier).reduce((a, b) => (isAbove(b, a) ? b : a));
  const isStrong = (policy: string) => held.some((one) => one.policy === policy && one.tier === highest);
  const all = doings(held.map((one) => one.policy));
  return all.flatMap((doing, index) => {
    const piece = { text: doing.text, strong: doing.policies.some(isStrong) };
    const joint = index === 0 ? "" : index === all.length - 1 ? " and " : ", ";
    return joint ? [say(joint), piece] : [piece];
  });
}

/** The sentence at the head of the sheet. */
export function sentence(facts: SentenceFacts): Piece[] {
  switch (facts.kind) {
    case "danger":
      return danger(facts);
    case "proof":
      return proof(facts);
    case "unknown":
      return [...who(facts), say(" for "), strong("nothing that Fieldgate knows"), say(". It can only be refused.")];
    case "again":
      return again(facts);
    case "more":
      return more(facts);
    case "program":
    case "shop":
      return [...who(facts), ...key(facts), ...destination(facts, "It goes"), ...novelty(facts)];
  }
}

export function likeness({ letter, script }: Likeness): string {
  return `with a ${script} ${letter}`;
}

function key(facts: SentenceFacts): Piece[] {
  return [say(" for a key that can "), ...summary(facts.held), ...reach(facts), say(".")];
}

function claimed({ name, likeness: alike }: SentenceFacts): Piece[] {
  if (name === null) return [strong("Something without a name"), say(" asks")];
  const warning = alike ? `, ${likeness(alike)}` : "";
  return [{ text: name, strong: true, claim: true, quoted: true }, say(` (its own words${warning}) asks`)];
}

function through({ browser }: SentenceFacts): Piece[] {
  if (browser === null) return [];
  return [say(browser ? ` through ${browser}` : " through a browser")];
}

function program(facts: SentenceFacts): Piece[] {
  const { program: asker, now } = facts;
  if (!asker) return [strong("A program that could not be recognised"), say(" asks")];
  const started = asker.started === null ? "" : `, started ${time.relative(asker.started, now)}`;
  const by = asker.parent ? `${started ? "" : ", started"} by ${asker.parent}` : "";
  return [{ text: asker.command, strong: true, claim: true }, say(` (pid ${asker.pid}${started}${by}) asks`)];
}

function who(facts: SentenceFacts): Piece[] {
  return facts.browser === null ? program(facts) : [...claimed(facts), ...through(facts)];
}

function reach({ stores, email, held }: SentenceFacts): Piece[] {
  if (!stores.concerned || held.length === 0) return [];
  if (stores.only !== null) return [say(" of "), { text: stores.only, strong: true, claim: true }];
  if (stores.selective && stores.count === 0) return [say(" of "), strong("one store you choose")];
  if (stores.selective) return [say(" of "), strong(`${stores.count} stores`)];
  const now = `: ${stores.count} now, and later ones`;
  return [say(" in "), { text: `all stores of ${email}`, strong: true, claim: true }, strong(now)];
}

function destination(facts: SentenceFacts, goes: "It goes" | "It would go"): Piece[] {
  const { origin, unencrypted, receiver } = facts;
  if (origin === null && facts.browser === null) return [say(` ${goes} back to that program.`)];
  if (origin === null) return [say(" It is shown to you here and sent nowhere.")];
  const where: Piece = { text: origin, strong: true, claim: true };
  const way = unencrypted ? [say(` ${goes} `), strong("unencrypted"), say(" to "), where] : [say(` ${goes} to `), where];
  return [...way, ...received(receiver), ...sender(facts)];
}

function received(receiver: Receiver | null): Piece[] {
  const listener = receiver?.listener;
  if (!listener) return [say(".")];
  if (listener.whose === "nobody") return [say(", where "), strong("nobody listens yet"), say(".")];
  const who = { text: words.listener(listener), claim: true, strong: isStrange(receiver) };
  return [say(", received by "), who, say(".")];
}

/** The page that sent the browser: of a shop always, else where it is not the one the key goes to. */
function sender({ kind, sentBy, origin }: SentenceFacts): Piece[] {
  if (sentBy?.by !== "page" || (kind !== "shop" && sentBy.origin === origin)) return [];
  return [say(" Asked by the page "), { text: sentBy.origin, claim: true, strong: sentBy.origin !== origin }, say(".")];
}

function novelty({ isNew, known }: SentenceFacts): Piece[] {
  if (known === null) return isNew ? [say(" First time here.")] : [];
  const address = known.addressBefore;
  const asker = known.programBefore;
  return [
    ...(address === null ? [] : [strong(" Another address than before: "), say("the last key went to "), { text: address, claim: true }, say(".")]),
    ...(asker === null ? [] : [strong(" Another program than before: "), say("the last key was asked for by "), { text: asker, claim: true }, say(".")]),
  ];
}

function named({ name, program: asker }: SentenceFacts): Piece {
  if (name !== null) return { text: name, strong: true, claim: true };
  return asker ? { text: asker.command, strong: true, claim: true } : strong("It");
}

function more(facts: SentenceFacts): Piece[] {
  const { known } = facts;
  if (!known) return [];
  const added = facts.held.filter((one) => known.added.includes(one.policy));
  const count = added.length === 1 ? "1 permission more" : `${added.length} permissions more`;
  const what = list(doings(added.map((one) => one.policy)).map((doing) => doing.text));
  const includes = includedIn(known.added);
  return [
    named(facts),
    say(`, known since ${time.day(known.since)}, asks for `),
    strong(`${count}: ${what}.${includes}`),
    ...destination(facts, "It goes"),
    say(sameness(known.sameProgram, known.sameAddress)),
  ];
}

function sameness(program: boolean, address: boolean): string {
  if (program && address) return " Same program, same address.";
  if (program) return " Same program, but another address than before.";
  return address ? " Same address, but another program than before." : " Another program and another address than before.";
}

function again(facts: SentenceFacts): Piece[] {
  const { existing, now } = facts;
  if (!existing) return [];
  const used = existing.lastUsed === null ? "never used" : `last used ${time.relative(existing.lastUsed, now)}`;
  const store = existing.store === null ? [] : [say(", store "), { text: existing.store, claim: true }];
  return [
    named(facts),
    say(existing.exactly ? " asks again for exactly what it has: key " : " asks for what it has a key for: "),
    { text: existing.label, claim: true, quoted: true },
    ...store,
    say(`, ${used}. `),
    strong("Hand it over again"),
    say(", or make a new one and stop the old?"),
  ];
}

function danger(facts: SentenceFacts): Piece[] {
  const calls: Piece[] = facts.name === null
    ? [say("something that gives no name")]
    : [say("something that calls itself "), { text: facts.name, claim: true, quoted: true }];
  const alike = facts.likeness ? [say(` (${likeness(facts.likeness)})`)] : [];
  const by = facts.browser === null ? dangerousProgram(facts, alike, calls) : [say(" Asked"), ...through(facts), say(" by "), ...calls, ...alike, say(".")];
  return [
    strong("Careful. "),
    ...power(facts),
    ...by,
    ...destination(facts, "It would go"),
    say(" If you did not start this a moment ago, refuse."),
  ];
}

function dangerousProgram(facts: SentenceFacts, alike: Piece[], calls: Piece[]): Piece[] {
  if (!facts.program) return [say(" Asked by "), ...calls, ...alike, say(".")];
  const asker: Piece = { text: facts.program.command, strong: true, claim: true };
  return [say(" Asked by "), asker, say(` (pid ${facts.program.pid}), `), ...calls, ...alike, say(".")];
}

function power(facts: SentenceFacts): Piece[] {
  if (!facts.unrestricted) return [strong("It could "), ...summary(facts.held).map((one) => ({ ...one, strong: true })), strong(".")];
  const all = facts.admin ? ": every store, every wallet, all users." : ": every store and every wallet.";
  return [strong("Full control of "), { text: facts.email, strong: true, claim: true }, strong(all)];
}

function proof(facts: SentenceFacts): Piece[] {
  const short = facts.name ?? "It";
  const goes = facts.origin === null ? [say(" Nothing is sent anywhere.")] : destination(facts, "It goes");
  return [
    ...(facts.browser === null ? program(facts) : claimed(facts)),
    say(" for "),
    strong("proof that an account exists"),
    say(". You confirm "),
    { text: facts.email, strong: true, claim: true },
    say(": "),
    { text: short, claim: true },
    say(" gets its id and a key that can do nothing."),
    ...goes,
  ];
}

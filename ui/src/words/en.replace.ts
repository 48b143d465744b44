import type { FirstUse } from "../host/bindings/FirstUse";
import { baseName } from "./facts";
import type { OldFacts, ProofFacts, ReplaceWords } from "./words.replace";

const counted = (count: number) => count.toLocaleString("en");
const keys = (count: number) => `${counted(count)} ${count === 1 ? "key" : "keys"}`;
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const dayAndClock = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

const DAY = 86_400;

export const replace: ReplaceWords = {
  action: "Replace…",
  rotate: "Rotate…",
  title: (count) => `Replace ${keys(count)}`,
  rotateTitle: "Rotate this key",
  close: "Close",
  keys: "Keys that are replaced",
  user: "of",
  stays: (why) => `Stays as it is: ${why}.`,
  nothing: "None of these keys can be replaced.",
  stop: (count) => (count === 1 ? "Stop the old one" : "Stop the old ones"),
  stops: { now: "Now", "first-use": "When the new one is first used", "in-a-day": "In 24 hours" },
  stopMeaning: {
    now: "Whatever uses it fails until it has the new one.",
    "first-use": "Nothing fails. As long as nobody uses the new one, the old one goes on.",
    "in-a-day": "Both work until then, whether the new one is used or not.",
  },
  handOver: (count) => (count === 1 ? "The new one" : "The new ones"),
  handOvers: { "ask-again": "Let the application ask again", copy: "Make them now and show them here, once" },
  handOversOne: { "ask-again": "Let the application ask again", copy: "Make it now and show it here, once" },
  handOverMeaning: {
    "ask-again": "No key is made now. The next one you grant to it, for the same user and stores, takes the old one's place.",
    copy: "Same user, label, permissions, application and end. You take it where it is needed.",
  },
  cannotAsk: (count) =>
    count === 1 ? "One of them belongs to no application that could ask again." : `${counted(count)} of them belong to no application that could ask again.`,
  confirm: (count) => `Replace ${keys(count)}`,
  rotateConfirm: "Make the new key",
  receipt: {
    title: "Receipt",
    show: "Show the receipt",
    lead: (stopped, count) => {
      if (count === 1) return stopped === 1 ? "The old key has stopped." : "The old key has not stopped yet.";
      return `${stopped === count ? "All" : `${counted(stopped)} of`} ${counted(count)} old keys have stopped.`;
    },
    line: (day, stopped, count) => `${day}: ${counted(stopped)} of ${keys(count)} stopped`,
    section: "Replaced keys",
    old: "Old",
    new: "New",
    secret: (label) => `The new key “${label}”`,
    secretHint: "Take it now. It leaves this window when you close it.",
    notYet: "Not granted yet: the application has to ask again.",
    unused: "not used yet",
    failed: (count) => (count === 1 ? "1 key was not replaced" : `${keys(count)} were not replaced`),
    keep: "You find this again with the keys, with their application and in the log.",
    gone: "This receipt is not here any more.",
  },
  proof,
  firstUsed: "First used",
  firstUse,
  oldKey,
  replaced: (facts, by) => `${by === null ? "By the next key of its application" : `By ${by}`}. ${oldKey(facts)}`,
  replacedLabel: "Replaced",
  replaces: "Replaces",
  onApproval: {
    title: "Keys it has already",
    stop: (label) => `Stop “${label}” when the new one is first used`,
    meaning: "Unticked, it keeps working.",
    unused: "Never used",
    used: (ago) => `Last used ${ago}`,
    waits: "It stops when the new one is first used: you said so with Replace.",
    done: (count) => (count === 1 ? "The old key stops when this one is first used." : `${counted(count)} old keys stop when this one is first used.`),
  },
};

/** "10:02", with the day where that is not today. */
function at(seconds: number, now: number): string {
  const date = new Date(seconds * 1000);
  return (date.toDateString() === new Date(now * 1000).toDateString() ? clock : dayAndClock).format(date);
}

function firstUse({ at: when, by }: FirstUse, now: number): string {
  return `${at(when, now)}${by === null ? "" : ` by ${baseName(by.script ?? by.exe)}`}`;
}

/** "Handed over 10:02, first used 10:02 by php-fpm". */
function proof({ handedOver, firstUsed, lastUsed, now }: ProofFacts): string {
  if (handedOver === null) return firstUsed === null ? "" : `First used ${firstUse(firstUsed, now)}`;
  if (firstUsed !== null && firstUsed.at >= handedOver) {
    return `Handed over ${at(handedOver, now)}, first used ${firstUse(firstUsed, now)}`;
  }
  // It was there before: what counts is whether anybody has used it since.
  if (lastUsed !== null && lastUsed >= handedOver) return `Handed over ${at(handedOver, now)}, last used ${at(lastUsed, now)}`;
  const out = `Handed over ${at(handedOver, now)}`;
  const age = now - handedOver;
  if (lastUsed !== null) return `${out}, not used since`;
  return age < DAY ? `${out}, not used yet` : `${out}, never used for ${span(age)}`;
}

function span(seconds: number): string {
  return seconds < 2 * DAY ? `${Math.floor(seconds / 3600)} h` : `${counted(Math.floor(seconds / DAY))} days`;
}

function oldKey({ outlook, stopped, expires, now }: OldFacts): string {
  switch (outlook) {
    case "stopped":
      return stopped === null ? "It has stopped." : `It stopped ${at(stopped, now)}.`;
    case "in-a-day":
      return expires === null ? "It goes on: its end was taken away since." : `It works until ${at(expires, now)}.`;
    case "waits-for-use":
      return "It works until the new one is first used.";
    case "waits-for-key":
      return "It works until the new one is granted and first used.";
    case "stays":
      return "It goes on: the new one ended before anybody used it.";
  }
}

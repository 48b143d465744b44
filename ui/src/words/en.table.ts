import type { RevokedView } from "../host/bindings/RevokedView";
import type { KeyTableWords, TableWords } from "./words.table";

const counted = (count: number) => count.toLocaleString("en");
const keysOf = (count: number) => (count === 1 ? "1 key" : `${counted(count)} keys`);

export const table: TableWords = {
  width: (column) => `Width of ${column}`,
  sortBy: (column) => `Sort by ${column}`,
  choose: (row) => `Select ${row}`,
  all: "Select everything found",
};

export const keyTable: KeyTableWords = {
  filter: {
    action: "Filter",
    title: "Show keys by",
    close: "Close the filter",
    parts: {
      user: "User", application: "Application", issuer: "Made by", standing: "State", permission: "Able to", unused: "Last used",
    },
    any: "Any",
    anyUser: "Any user",
    anyApplication: "Any application",
    anyPermission: "Anything",
    noApplication: "No application of this name.",
    noPermission: "No permission of this name.",
    permissionHint: "Also where another permission includes it.",
    local: "This Fieldgate",
    unused: (days) => (days === "never" ? "Never" : days === 365 ? "Not for a year" : `Not for ${days} days`),
    sort: "Sorted by",
    way: "Which way",
    up: "Upwards",
    down: "Downwards",
    clear: "Clear filters",
  },
  chips: {
    label: "Filters",
    part: (part, value) => `${part}: ${value}`,
    remove: (text) => `Remove ${text}`,
    gone: "not there any more",
  },
  nothing: {
    title: "Nothing matches",
    lead: "No key is like all that the filters say.",
    clear: "Clear filters",
  },
  chosen: {
    label: "Selected keys",
    count: (count) => `${keysOf(count)} selected`,
    clear: "Clear selection",
    revoke: "Revoke…",
  },
  revoke: {
    title: (count) => (count === 1 ? "Revoke this key?" : `Revoke ${counted(count)} keys?`),
    doing: "Revoking keys",
    lead: (count) => (count === 1 ? "It stops working at once. This cannot be undone." : "They stop working at once, one after the other. This cannot be undone."),
    ended: "Keys that have ended already stay as they are.",
    type: (count) => `Type ${count} to confirm`,
    typeWrong: (count) => `This is not the number of keys: ${count}.`,
    action: (count) => (count === 1 ? "Revoke" : `Revoke ${counted(count)} keys`),
    running: (done, total) => `${counted(done)} of ${counted(total)}…`,
    stop: "Stop",
    outcome,
    left: (count) => `${keysOf(count)} ${count === 1 ? "was" : "were"} not reached and ${count === 1 ? "stays as it is" : "stay as they are"}.`,
    resume: "Go on",
  },
};

function outcome({ revoked, ended, gone }: RevokedView): string {
  const said = [`${keysOf(revoked)} ${revoked === 1 ? "is" : "are"} revoked.`];
  if (ended > 0) said.push(`${counted(ended)} had ended before.`);
  if (gone > 0) said.push(`${counted(gone)} ${gone === 1 ? "was" : "were"} not there any more.`);
  return said.join(" ");
}

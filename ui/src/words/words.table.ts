import type { RevokedView } from "../host/bindings/RevokedView";
import type { Narrowing } from "../state/narrowing";

export interface TableWords {
  width(column: string): string;
  sortBy(column: string): string;
  choose(row: string): string;
  /** Beside the box that chooses everything found. */
  all: string;
}

export interface KeyTableWords {
  filter: {
    action: string;
    /** With how much of it is in use. */
    title: string;
    close: string;
    parts: Record<keyof Narrowing, string>;
    any: string;
    anyUser: string;
    anyApplication: string;
    anyPermission: string;
    noApplication: string;
    noPermission: string;
    permissionHint: string;
    local: string;
    unused(days: number | "never"): string;
    sort: string;
    way: string;
    up: string;
    down: string;
    clear: string;
  };
  chips: {
    label: string;
    /** What a chip says: which part, and what it is to be. */
    part(part: string, value: string): string;
    remove(text: string): string;
    /** Where what it names is not there any more. */
    gone: string;
  };
  nothing: { title: string; lead: string; clear: string };
  chosen: {
    label: string;
    count(count: number): string;
    clear: string;
    revoke: string;
  };
  revoke: {
    title(count: number): string;
    /** Over what is going on, and what came of it. */
    doing: string;
    lead(count: number): string;
    ended: string;
    type(count: number): string;
    typeWrong(count: number): string;
    action(count: number): string;
    running(done: number, total: number): string;
    stop: string;
    /** What came of it. */
    outcome(done: RevokedView): string;
    left(count: number): string;
    resume: string;
  };
}

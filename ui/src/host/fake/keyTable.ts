import type { KeyFilter } from "../bindings/KeyFilter";
import type { KeyIds } from "../bindings/KeyIds";
import type { KeyOrder } from "../bindings/KeyOrder";
import type { KeyPage } from "../bindings/KeyPage";
import type { KeyPageView } from "../bindings/KeyPageView";
import type { KeyState } from "../bindings/KeyState";
import type { KeyView } from "../bindings/KeyView";
import { closure, known, policyOf, refused, seconds, userNamed, type World } from "./world";

type Question = Pick<KeyPage, "search" | "filter" | "order">;
type Test = (key: KeyView) => boolean;

const NEWEST: KeyOrder = { column: "created", descending: true };
const STATES: readonly KeyState[] = ["live", "damaged", "expired", "revoked"];
const DAY = 24 * 60 * 60;

/** What a key is searched by, kept with it: a made-up world may have 100,000 of them. */
const texts = new WeakMap<KeyView, string>();
/** The keys of a world in an order, until they are others. */
const sorted = new WeakMap<World, { of: KeyView[]; length: number; orders: Map<string, KeyView[]> }>();
/** What was found last: whoever types on looks among it. */
const found = new WeakMap<KeyView[], { filter: string; text: string; keys: KeyView[] }>();

export function keyPage(world: World, args: KeyPage): KeyPageView {
  if (args.limit < 1 || args.limit > 500) throw refused("invalid", "limit is a number from 1 to 500", "limit");
  const found = find(world, args);
  return { total: found.length, rows: found.slice(args.offset, args.offset + args.limit) };
}

export function keyIds(world: World, args: KeyIds): string[] {
  const end = args.limit === null ? undefined : args.offset + args.limit;
  return find(world, args).slice(args.offset, end).map((key) => key.id);
}

/** All keys that are asked for, in the order that is asked for. */
export function find(world: World, { search, filter, order }: Question): KeyView[] {
  const all = inOrder(world, order ?? NEWEST);
  const text = (search ?? "").trim().toLowerCase();
  if (text === "" && filter === null) return all;
  const [last, like] = [found.get(all), JSON.stringify(filter)];
  const further = last?.filter === like && text.includes(last.text);
  const tests = filter && !further ? testsOf(world, filter) : [];
  if (text !== "") tests.push((key) => textOf(key).includes(text));
  const keys = (further ? last.keys : all).filter((key) => tests.every((test) => test(key)));
  found.set(all, { filter: like, text, keys });
  return keys;
}

function textOf(key: KeyView): string {
  let text = texts.get(key);
  if (text === undefined) {
    const titles = key.permissions.map((one) => known(policyOf(one))?.title ?? "");
    text = [key.label, key.email, key.application ?? "", key.id, ...key.permissions, ...titles].join("\n").toLowerCase();
    texts.set(key, text);
  }
  return text;
}

function testsOf(world: World, filter: KeyFilter): Test[] {
  const tests: Test[] = [];
  if (filter.user !== null) {
    const user = userNamed(world, filter.user, "user").id;
    tests.push((key) => key.user === user);
  }
  if (filter.application !== null) {
    const application = filter.application;
    if (!world.applications.some((one) => one.id === application)) throw refused("not-found", "there is no such application", "application");
    tests.push((key) => key.applicationId === application);
  }
  if (filter.unusedFor !== null) {
    const since = seconds() - filter.unusedFor * DAY;
    tests.push((key) => (key.lastUsed ?? key.created) <= since);
  }
  if (filter.permission !== null) tests.push(ableTo(filter.permission));
  if (filter.issuer !== null) tests.push((key) => key.issuer === filter.issuer);
  if (filter.state !== null) tests.push((key) => key.state === filter.state);
  if (filter.neverUsed) tests.push((key) => key.lastUsed === null);
  if (filter.neverCollected) tests.push((key) => key.neverCollected);
  return tests;
}

function ableTo(permission: string): Test {
  const [policy, scope] = [policyOf(permission), permission.split(":")[1]];
  const includes = new Map<string, boolean>();
  const held = (one: string): boolean => {
    const name = policyOf(one);
    let does = includes.get(name);
    if (does === undefined) includes.set(name, (does = name === policy || closure(name).includes(policy)));
    const there = one.split(":")[1];
    return does && (scope === undefined || there === undefined || there === scope);
  };
  return (key) => key.permissions.some(held);
}

function inOrder(world: World, order: KeyOrder): KeyView[] {
  let kept = sorted.get(world);
  if (kept?.of !== world.keys || kept.length !== world.keys.length) {
    kept = { of: world.keys, length: world.keys.length, orders: new Map() };
    sorted.set(world, kept);
  }
  const name = `${order.column} ${order.descending}`;
  let keys = kept.orders.get(name);
  if (!keys) kept.orders.set(name, (keys = sortedBy(world.keys, order)));
  return keys;
}

function sortedBy(keys: readonly KeyView[], { column, descending }: KeyOrder): KeyView[] {
  const way = descending ? -1 : 1;
  const weighed = keys.map((key) => ({ key, weight: weightOf(key, column) }));
  const compare = (a: string | number, b: string | number) => (a === b ? 0 : a < b ? -way : way);
  return weighed
    .sort((a, b) => Number(a.weight === "") - Number(b.weight === "") || compare(a.weight, b.weight) || b.key.created - a.key.created)
    .map(({ key }) => key);
}

/** What is empty comes last, whichever way. */
function weightOf(key: KeyView, column: KeyOrder["column"]): string | number {
  switch (column) {
    case "label":
      return key.label.toLowerCase();
    case "user":
      return key.email.toLowerCase();
    case "application":
      return (key.application ?? "").toLowerCase();
    case "created":
      return key.created;
    case "last-used":
      return key.lastUsed ?? 0;
    case "expires":
      return key.expires ?? Infinity;
    case "state":
      return STATES.indexOf(key.state);
  }
}

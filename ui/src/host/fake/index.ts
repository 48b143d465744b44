import type { Calls } from "../bindings/calls";
import type { StatusView } from "../bindings/StatusView";
import type { Host } from "../host";
import { approveAgain, reviewList } from "./again";
import { appNote, appShow } from "./application";
import { catalogue } from "./catalogue";
import { yardstick } from "./changes";
import { tryIt } from "./asking";
import { approve, deliver, refuse } from "./deciding";
import { keyEdit, keyReduce } from "./editing";
import { folders, keyHistory, logExport } from "./exporting";
import { keyCreate, keyList, keyRevoke, keyRevokeMany, keyShow } from "./keys";
import { keyIds, keyPage } from "./keyTable";
import { log, logVerify, note } from "./log";
import { storeMemberRemove, storeMemberSet, storeRename, userDelete } from "./members";
import { addUser, storeCreate, userAdmin, userCreate, userDisable, userList, userPassword } from "./people";
import { receiverShow } from "./receivers";
import { appJudge, appList } from "./register";
import { keyReplace, keyRotate, receipts, replaceable } from "./replacing";
import { rememberedForget, rememberedList } from "./remembering";
import { requestList, requestShow } from "./requests";
import { makeWorld } from "./scenes";
import { refused, type World } from "./world";

type Answers = { [K in keyof Calls]: (args: Calls[K]["args"]) => Calls[K]["answer"] };

/** Calls that answer while the desk is locked or not set up yet. */
const ALWAYS = new Set<keyof Calls>(["status", "raise", "finish", "unlock", "active", "changes"]);

/** Calls that fail in the scene `broken`. */
const BREAKS = new Set<keyof Calls>([
  "key_page", "user_list", "store_list", "settings", "settings_save", "key_revoke", "key_revoke_many", "app_list", "log", "log_verify",
  "copy_secret", "log_export", "key_history", "store_member_set", "user_disable",
]);

/** How many times as long a call takes as the others. */
const SLOW: Partial<Record<keyof Calls, number>> = { log_verify: 20, log_export: 20 };

/** A host that behaves, with everything in memory. `delay` is how long a call takes, in milliseconds. */
export function fakeHost(scene: string, delay = 60): Host & { world: World } {
  const world = makeWorld(scene);
  const listeners = new Set<() => void>();
  world.changed = () => listeners.forEach((listener) => setTimeout(listener));
  const answers = answersOf(world);
  return {
    world,
    async call(name, args) {
      await new Promise((done) => setTimeout(done, delay * (SLOW[name] ?? 1)));
      if (world.state !== "open" && !ALWAYS.has(name)) throw refused("locked", "Fieldgate is locked");
      if (scene === "broken" && BREAKS.has(name)) throw refused("failed", "the file could not be read");
      return structuredClone(answers[name](args));
    },
    onChange(then) {
      listeners.add(then);
      return () => listeners.delete(then);
    },
  };
}

function answersOf(world: World): Answers {
  const done = (work: void) => work ?? {};
  return {
    status: () => status(world),
    raise: () => ({}),
    finish: (args) => done(finish(world, args)),
    unlock: (args) => done(unlock(world, args.passphrase)),
    active: () => ({}),
    lock: () => done(setState(world, "locked")),
    requests: () => requestList(world),
    changes: () => ({ revision: 1 }),
    request_show: (args) => requestShow(world, args),
    approve: (args) => approve(world, args),
    refuse: (args) => refuse(world, args),
    review_list: () => reviewList(world),
    approve_again: (args) => approveAgain(world, args),
    remembered_list: () => rememberedList(world),
    remembered_forget: (args) => done(rememberedForget(world, args)),
    deliver: (args) => deliver(world, args),
    receiver_show: (args) => receiverShow(world, args.id),
    try_it: () => tryIt(world),
    key_list: (args) => keyList(world, args),
    key_page: (args) => keyPage(world, args),
    key_ids: (args) => keyIds(world, args),
    key_create: (args) => keyCreate(world, args),
    key_show: (args) => keyShow(world, args),
    key_revoke: (args) => keyRevoke(world, args),
    key_revoke_many: (args) => keyRevokeMany(world, args),
    key_edit: (args) => keyEdit(world, args),
    key_reduce: (args) => keyReduce(world, args),
    copy_secret: () => ({ clearsAfter: world.settings.clearClipboard }),
    key_rotate: (args) => keyRotate(world, args),
    key_replace: (args) => keyReplace(world, args),
    replaceable: (args) => replaceable(world, args),
    receipts: (args) => receipts(world, args),
    key_history: (args) => keyHistory(world, args),
    user_list: () => userList(world),
    user_create: (args) => userCreate(world, args),
    user_disable: (args) => userDisable(world, args),
    user_admin: (args) => userAdmin(world, args),
    user_password: (args) => userPassword(world, args),
    user_delete: (args) => done(userDelete(world, args)),
    store_list: () => world.stores,
    store_create: (args) => storeCreate(world, args),
    store_rename: (args) => storeRename(world, args),
    store_member_set: (args) => storeMemberSet(world, args),
    store_member_remove: (args) => storeMemberRemove(world, args),
    catalogue: () => catalogue,
    yardstick: ({ permissions }) => yardstick(permissions),
    settings: () => world.settings,
    settings_save: (args) => {
      world.settings = args;
      note(world, "settings-changed", "settings");
      world.changed();
      return {};
    },
    app_list: () => appList(world),
    app_judge: (args) => appJudge(world, args),
    app_show: (args) => appShow(world, args),
    app_note: (args) => appNote(world, args),
    log: (args) => log(world, args),
    log_verify: () => logVerify(world),
    log_export: (args) => logExport(world, args),
    folders: () => folders(),
  };
}

function status(world: World): StatusView {
  const pending = world.asked.filter((one) => one.view.status === "pending").length;
  return {
    version: "0.1.0",
    state: world.state,
    url: world.state === "fresh" ? null : world.url,
    gateProblem: world.gateProblem,
    pid: 4242,
    locked: world.state !== "open",
    pending: world.state === "fresh" ? 0 : pending,
    window: true,
  };
}

function finish(world: World, args: Calls["finish"]["args"]): void {
  if (world.state !== "fresh") throw refused("already-initialised", "there is a vault in this home already");
  if (!/^[^@\s]+@[^@\s]+$/.test(args.email)) throw refused("invalid", "this is not an e-mail address", "email");
  if (args.passphrase.length < 8) throw refused("invalid", "a passphrase has at least 8 characters", "passphrase");
  if (args.password !== null && args.password.length < 6) {
    throw refused("invalid", "a password has at least 6 characters", "password");
  }
  world.passphrase = args.passphrase;
  addUser(world, args.email, true, args.password !== null);
  setState(world, "open");
}

function unlock(world: World, passphrase: string): void {
  if (passphrase !== world.passphrase) {
    throw refused("wrong-passphrase", "this passphrase does not open the vault", "passphrase");
  }
  setState(world, "open");
}

function setState(world: World, state: World["state"]): void {
  world.state = state;
  note(world, state === "locked" ? "locked" : "unlocked", "vault");
  world.changed();
}

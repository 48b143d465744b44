import type { Approve } from "../host/bindings/Approve";
import type { ApprovedView } from "../host/bindings/ApprovedView";
import type { Code } from "../host/bindings/Code";
import type { KeyView } from "../host/bindings/KeyView";
import type { Matching } from "../host/bindings/Matching";
import type { PolicyView } from "../host/bindings/PolicyView";
import type { RequestStatus } from "../host/bindings/RequestStatus";
import type { RequestView } from "../host/bindings/RequestView";
import type { SheetView } from "../host/bindings/SheetView";
import { Refused } from "../host/host";
import { words } from "../words";
import { baseName } from "../words/facts";
import { isAbove } from "../words/tiers";
import type { Expiry } from "../words/words";
import type { Desk } from "./desk.svelte";
import { endOf } from "./expiry";
import { Guard } from "./guard";
import { keyOf } from "./receiver";

export type SheetField = "number" | "passphrase" | "expires" | "user" | "store" | "permission" | "matching" | "label" | "remember" | "form";
export type Outcome =
  | { kind: "approved"; view: ApprovedView; old: KeyView | null; label: string; stops: number }
  | { kind: "refused" }
  | { kind: "blocked" };
/** How the request ended without this sheet: a status, or what the status does not tell. */
export type Ended = RequestStatus | "wrong-twice" | "gone";

/** Refusals after which the sheet says something else. */
const RELOADS: readonly Code[] = ["choice-needed", "receiver-changed", "nobody-listens"];

/** One open request sheet: what the desk says of it and what the human has put in. It never becomes another one. */
export class RequestSheet {
  readonly id: string;
  readonly guard: Guard;

  view = $state.raw<SheetView | null>(null);
  catalogue = $state.raw<PolicyView[]>([]);
  user = $state<string | null>(null);
  stores = $state.raw<readonly string[]>([]);
  /** The whole grant before stores are put in; null while it is as asked. */
  permissions = $state.raw<readonly string[] | null>(null);
  matching = $state<Matching | null>(null);
  /** Keys it has that are to stop when the new one is first used. */
  stopOld = $state.raw<readonly string[]>([]);
  label = $state("");
  expiry = $state<Expiry>("never");
  date = $state("");
  number = $state("");
  noNumber = $state(false);
  passphrase = $state("");
  /** Approve the same again without asking. */
  remember = $state(false);
  errors = $state<Partial<Record<SheetField, string>>>({});
  busy = $state(false);
  ended = $state<Ended | null>(null);
  outcome = $state.raw<Outcome | null>(null);
  /** Counts what should make the decision deaf for a moment. */
  frights = $state(0);

  readonly #desk: Desk;
  #asked = 0;
  #granted = "";
  #passphraseWanted = $state(false);
  #wrongNumber = false;
  #stale = $state(false);

  constructor(desk: Desk, id: string, guard = new Guard()) {
    this.#desk = desk;
    this.id = id;
    this.guard = guard;
  }

  get isOver(): boolean {
    return this.ended !== null || this.outcome !== null;
  }

  /** What was asked for, before any choice. */
  get asked(): readonly string[] {
    return this.view?.request.permissions ?? [];
  }

  get chosen(): readonly string[] {
    return this.permissions ?? this.asked;
  }

  get handsOverExisting(): boolean {
    return this.matching === "existing" && this.view?.existing != null;
  }

  get mayGoWithoutNumber(): boolean {
    return this.view?.request.mode === "program" && this.view.numberNeeded && !isAbove(this.view.tier, "sell");
  }

  get needsNumber(): boolean {
    return this.view?.numberNeeded === true && !this.#goesWithoutNumber;
  }

  get needsPassphrase(): boolean {
    return this.view?.passphraseNeeded === true || this.#goesWithoutNumber || this.#passphraseWanted;
  }

  get #goesWithoutNumber(): boolean {
    return this.noNumber && this.mayGoWithoutNumber;
  }

  /** Opens the sheet: asks for everything it shows. */
  async open(): Promise<void> {
    const [catalogue] = await Promise.all([this.#desk.call("catalogue", {}).catch(() => []), this.reload()]);
    this.catalogue = catalogue;
    if (this.view) this.label = labelFor(this.view.request);
  }

  /** Asks again what the choices would mean. Only the newest question is answered. */
  async reload(): Promise<void> {
    const turn = ++this.#asked;
    this.#stale = true;
    try {
      const { id, user, stores, permissions } = this;
      const view = await this.#desk.call("request_show", {
        id, user, stores: [...stores], permissions: permissions && [...permissions],
      });
      if (turn === this.#asked) this.#take(view);
    } catch (thrown) {
      if (turn === this.#asked) this.#fail(Refused.from(thrown));
    } finally {
      if (turn === this.#asked) this.#stale = false;
    }
  }

  chooseUser(user: string): void {
    this.user = user;
    this.stores = [];
    this.#changed("user", "store");
  }

  toggleStore(store: string): void {
    this.stores = toggled(this.stores, store);
    this.#changed("store");
  }

  togglePermission(permission: string): void {
    this.permissions = toggled(this.chosen, permission);
    this.#changed("permission");
  }

  toggleStopOld(key: string): void {
    this.stopOld = toggled(this.stopOld, key);
  }

  /** "It showed no number": the key then lives for a day at most. */
  goWithoutNumber(wanted: boolean): void {
    this.noNumber = wanted;
    if (wanted && this.expiry !== "hour") this.expiry = "day";
  }

  /** Makes the decision deaf for 700 ms. */
  startle(): void {
    this.guard.startle();
    this.frights += 1;
  }

  /** Starts the deaf time when what would be granted is not what it was. */
  noticeGrant(): void {
    const { view, matching, expiry, date, stopOld, remember } = this;
    if (!view) return;
    const granted = view.permissions.map((one) => one.permission);
    const now = JSON.stringify([
      view.user, granted, view.existing?.id, matching, expiry, date, view.redirect, stopOld, remember,
      keyOf(view.request.receiver),
    ]);
    if (now === this.#granted) return;
    this.#granted = now;
    this.startle();
  }

  /** Looks whether it is still the same program that would receive the key; asks anew when it is not. */
  async lookAgain(): Promise<void> {
    const shown = this.view?.request.receiver;
    if (!shown?.listener || this.busy || this.isOver || this.#stale) return;
    const found = await this.#desk.call("receiver_show", { id: this.id }).catch(() => null);
    if (found && this.view?.request.receiver === shown && keyOf(found.now) !== keyOf(shown)) await this.reload();
  }

  /** Learns from the list of requests whether this one still waits. */
  watch(requests: readonly RequestView[]): void {
    if (this.isOver || this.busy || this.view === null) return;
    const own = requests.find((one) => one.id === this.id);
    if (own?.status === "pending") return;
    this.ended = this.#wrongNumber ? "wrong-twice" : (own?.status ?? "gone");
    this.#forget();
  }

  async approve(): Promise<void> {
    if (!this.#mayDecide()) return;
    this.errors = this.#check();
    if (Object.keys(this.errors).length > 0 || !this.view) return;
    const { existing } = this.view;
    const stopOld = this.#stopOld();
    const old = this.matching === "new" && existing && !stopOld.includes(existing.id) ? existing : null;
    const label = this.handsOverExisting ? (this.view.existing?.label ?? "") : this.label;
    await this.#decide(async () => {
      const view = await this.#desk.call("approve", this.#approval());
      return { kind: "approved", view, old, label, stops: stopOld.length };
    });
  }

  async refuse(block: boolean): Promise<void> {
    if (!this.#mayDecide()) return;
    await this.#decide(async () => {
      await this.#desk.call("refuse", { id: this.id, block });
      return block ? { kind: "blocked" } : { kind: "refused" };
    });
  }

  #mayDecide(): boolean {
    return this.guard.allows() && !this.busy && !this.#stale && !this.isOver;
  }

  async #decide(work: () => Promise<Outcome>): Promise<void> {
    this.busy = true;
    try {
      this.outcome = await work();
      this.#forget();
    } catch (thrown) {
      this.#fail(Refused.from(thrown));
    }
    await this.#desk.refresh();
    this.busy = false;
    this.watch(this.#desk.requests);
  }

  #take(view: SheetView): void {
    this.view = view;
    this.user = view.user;
    if (this.stores.length === 0) this.stores = view.chosen;
    if (!view.existing) this.matching = null;
    this.stopOld = this.stopOld.filter((id) => view.holds.some((key) => key.id === id));
    this.noticeGrant();
  }

  #changed(...fields: SheetField[]): void {
    for (const field of fields) delete this.errors[field];
    void this.reload();
  }

  #check(): Partial<Record<SheetField, string>> {
    const t = words.sheet.errors;
    const found: Partial<Record<SheetField, string>> = {};
    const end = endOf(this.expiry, this.date, Date.now());
    if (this.needsNumber && !/^[1-9][0-9]$/.test(this.number.trim())) found.number = t.number;
    if (this.needsPassphrase && this.passphrase === "") found.passphrase = t.passphrase;
    if (this.view?.existing && this.matching === null) found.matching = t.choice;
    if (!this.handsOverExisting && end === "empty") found.expires = t.expiresEmpty;
    if (!this.handsOverExisting && end === "past") found.expires = t.expiresPast;
    return found;
  }

  #approval(): Approve {
    const end = this.handsOverExisting ? null : endOf(this.expiry, this.date, Date.now());
    const proof: Approve["proof"] = this.#goesWithoutNumber ? "noNumber"
      : this.needsNumber ? { number: Number(this.number.trim()) } : "passphrase";
    return {
      id: this.id,
      user: this.user,
      issuer: null,
      stores: [...this.stores],
      permissions: this.permissions && [...this.permissions],
      label: this.label.trim(),
      expires: typeof end === "number" ? end : null,
      proof,
      matching: this.view?.existing ? this.matching : null,
      stopOld: this.#stopOld(),
      passphrase: this.needsPassphrase ? this.passphrase : null,
      receiver: this.view?.request.receiver ?? null,
      remember: this.remember && this.view?.notRemembered === null,
    };
  }

  #stopOld(): string[] {
    return this.handsOverExisting ? [] : [...this.stopOld];
  }

  #fail(refused: Refused): void {
    if (refused.code === "not-pending" || (refused.code === "not-found" && refused.field === "id")) {
      this.ended = this.#wrongNumber ? "wrong-twice" : "gone";
      this.#forget();
      return;
    }
    if (refused.code === "wrong-number") {
      this.number = "";
      this.#wrongNumber = true;
    }
    if (refused.code === "passphrase-needed") this.#passphraseWanted = true;
    this.errors = { [fieldOf(refused)]: words.refusal(refused.code, refused.message) };
    if (RELOADS.includes(refused.code)) void this.reload();
  }

  /** Drops what the human typed and nobody needs any more. */
  #forget(): void {
    this.number = "";
    this.passphrase = "";
  }
}

/** What the key is called unless the human says: the name, else the identifier, else the program. */
function labelFor({ name, application, mode, program }: RequestView): string {
  if (name !== null) return name;
  if (application.by === "identifier") return application.identifier;
  const path = program?.script ?? program?.exe;
  return mode === "program" && path ? baseName(path) : "";
}

function toggled(list: readonly string[], one: string): readonly string[] {
  return list.includes(one) ? list.filter((other) => other !== one) : [...list, one];
}

const FIELDS: Record<string, SheetField> = {
  number: "number", passphrase: "passphrase", expires: "expires", user: "user", store: "store", stores: "store",
  permission: "permission", permissions: "permission", existing: "matching", label: "label", remember: "remember",
};

function fieldOf({ code, field }: Refused): SheetField {
  if (code === "choice-needed") return "matching";
  if (code === "wrong-passphrase" || code === "passphrase-needed") return "passphrase";
  return (field && FIELDS[field]) || "form";
}

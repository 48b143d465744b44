import type { KeyEdit } from "../host/bindings/KeyEdit";
import type { KeyView } from "../host/bindings/KeyView";
import type { PolicyView } from "../host/bindings/PolicyView";
import type { StoreView } from "../host/bindings/StoreView";
import type { Tier } from "../host/bindings/Tier";
import type { UserView } from "../host/bindings/UserView";
import { Refused } from "../host/host";
import { words } from "../words";
import { isAbove } from "../words/tiers";
import type { Expiry } from "../words/words";
import type { Reach } from "../words/words.forms";
import type { NewKeyFacts } from "../words/words.keys";
import type { Desk } from "./desk.svelte";
import { endOf } from "./expiry";
import { covers, reachesOf, Scopes, withUnknown } from "./scopes";

export type EditField = "label" | "permission" | "expires" | "form";
/** When the key ends: as it does already, or anew. */
export type Ending = Expiry | "kept";

/** What there is to choose from. */
export interface Choices {
  users: readonly UserView[];
  stores: readonly StoreView[];
  catalogue: readonly PolicyView[];
}

/** A key that is being changed. Nothing of it is sent before it is saved, and then only what is different. */
export class EditKey {
  label = $state("");
  ending = $state<Ending>("kept");
  date = $state("");
  scopes = $state.raw(new Scopes(new Map()));
  errors = $state<Partial<Record<EditField, string>>>({});
  busy = $state(false);

  readonly key: KeyView;
  readonly #desk: Desk;
  readonly #choices: Choices;

  constructor(desk: Desk, key: KeyView, choices: Choices) {
    this.#desk = desk;
    this.key = key;
    this.#choices = { ...choices, catalogue: withUnknown(choices.catalogue, key) };
    this.label = key.label;
    this.scopes = Scopes.of(key.permissions);
  }

  /** All permissions there are, and those that the key has beside them. */
  get catalogue(): readonly PolicyView[] {
    return this.#choices.catalogue;
  }

  get #policies(): readonly PolicyView[] {
    return this.catalogue.filter((policy) => this.scopes.policies.has(policy.name));
  }

  /** The owner's stores, and those that the key names beside them. */
  get stores(): readonly { id: string; name: string }[] {
    const own = this.#choices.stores.filter((store) => store.members.some((member) => member.user === this.key.user));
    const named = Scopes.of(this.key.permissions).named.filter((id) => !own.some((store) => store.id === id));
    return [...own, ...named.map((id) => this.#choices.stores.find((store) => store.id === id) ?? { id, name: id })];
  }

  /** Whether narrowing to stores would mean anything. */
  get concernsStores(): boolean {
    return !this.scopes.policies.has("unrestricted") && this.#policies.some((policy) => policy.store);
  }

  get permissions(): string[] {
    return this.scopes.written;
  }

  get tier(): Tier {
    return this.#policies.map((policy) => policy.tier).reduce<Tier>((a, b) => (isAbove(b, a) ? b : a), "see");
  }

  get #end(): ReturnType<typeof endOf> {
    return this.ending === "kept" ? this.key.expires : endOf(this.ending, this.date, Date.now());
  }

  /** What the live sentence is made of. Where scopes differ it says the widest. */
  get facts(): NewKeyFacts {
    const owner = this.#choices.users.find((user) => user.id === this.key.user);
    const chosen = this.stores.filter((store) => this.scopes.widest.includes(store.id)).map((store) => store.name);
    const end = this.#end;
    return {
      email: this.key.email,
      held: this.#policies.map(({ name, tier }) => ({ policy: name, tier })),
      stores: { concerned: this.concernsStores, chosen, count: this.stores.length },
      expiry: end === null ? "never" : "date",
      end: typeof end === "number" ? end : null,
      useless: owner?.admin === false && this.#policies.some((policy) => policy.name.startsWith("btcpay.server.")),
    };
  }

  /** What it will be able to do that it cannot now. */
  get added(): Reach[] {
    return this.#reaches(this.permissions.filter((one) => !covers(this.key.permissions, one, this.catalogue)));
  }

  /** What it can do now and will not. */
  get taken(): Reach[] {
    return this.#reaches(this.key.permissions.filter((one) => !covers(this.permissions, one, this.catalogue)));
  }

  /** Whether the list of permissions is another one, which it can be without meaning anything else. */
  get repermitted(): boolean {
    return this.permissions.join() !== Scopes.of(this.key.permissions).written.join();
  }

  get relabelled(): boolean {
    return this.label.trim() !== this.key.label;
  }

  /** The new end, in seconds since 1970 or null for never; undefined where it stays or is still to be chosen. */
  get newEnd(): number | null | undefined {
    const end = this.#end;
    return typeof end === "string" || end === this.key.expires ? undefined : end;
  }

  /** Whether anything would be lost by leaving. */
  get dirty(): boolean {
    return this.relabelled || this.ending !== "kept" || this.repermitted;
  }

  togglePolicy(name: string): void {
    const policy = this.catalogue.find((one) => one.name === name);
    this.scopes = this.scopes.toggled(name, policy?.store ?? false);
    delete this.errors.permission;
  }

  toggleStore(id: string): void {
    const scopable = new Set(this.#policies.filter((policy) => policy.store).map((policy) => policy.name));
    this.scopes = this.scopes.inStore(id, scopable);
    delete this.errors.permission;
  }

  /** Saves what is different. Answers the key as it is then, or null with `errors` set. */
  async save(): Promise<KeyView | null> {
    if (this.busy) return null;
    this.errors = this.#check();
    if (Object.keys(this.errors).length > 0) return null;
    this.busy = true;
    try {
      return await this.#desk.call("key_edit", this.#change());
    } catch (thrown) {
      this.#fail(Refused.from(thrown));
      return null;
    } finally {
      this.busy = false;
    }
  }

  #change(): KeyEdit {
    const { newEnd } = this;
    return {
      id: this.key.id,
      label: this.relabelled ? this.label.trim() : null,
      permissions: this.repermitted ? this.permissions : null,
      expires: newEnd === undefined ? null : newEnd === null ? "never" : { at: newEnd },
    };
  }

  #reaches(permissions: readonly string[]): Reach[] {
    return reachesOf(permissions, (id) => this.stores.find((store) => store.id === id)?.name ?? id);
  }

  #check(): Partial<Record<EditField, string>> {
    const end = this.#end;
    if (end === "empty") return { expires: words.sheet.errors.expiresEmpty };
    return end === "past" ? { expires: words.sheet.errors.expiresPast } : {};
  }

  #fail(refused: Refused): void {
    const field = (["label", "permission", "expires"] as const).find((one) => one === refused.field) ?? "form";
    this.errors = { [field]: words.refusal(refused.code, refused.message) };
  }
}

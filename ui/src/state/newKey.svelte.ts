import type { PolicyView } from "../host/bindings/PolicyView";
import type { StoreView } from "../host/bindings/StoreView";
import type { Tier } from "../host/bindings/Tier";
import type { UserView } from "../host/bindings/UserView";
import { Refused } from "../host/host";
import { words } from "../words";
import { isAbove } from "../words/tiers";
import type { Expiry } from "../words/words";
import type { NewKeyFacts } from "../words/words.keys";
import type { Desk } from "./desk.svelte";
import { endOf } from "./expiry";
import { policiesOf, presetOf, type Preset } from "./presets";

export type NewKeyField = "user" | "label" | "permission" | "expires" | "form";

/** A key that is being put together, and its token once it is made. */
export class NewKey {
  users = $state.raw<readonly UserView[]>([]);
  stores = $state.raw<readonly StoreView[]>([]);
  catalogue = $state.raw<readonly PolicyView[]>([]);
  loaded = $state(false);
  /** The owner's id. */
  user = $state<string | null>(null);
  label = $state("");
  /** Names of policies, before stores are put in. */
  chosen = $state.raw<ReadonlySet<string>>(new Set());
  /** The stores the key is narrowed to; none means all. */
  narrowed = $state.raw<readonly string[]>([]);
  expiry = $state<Expiry>("never");
  date = $state("");
  errors = $state<Partial<Record<NewKeyField, string>>>({});
  busy = $state(false);
  /** The token, from when it is made until `forget`. */
  secret = $state<string | null>(null);

  readonly #desk: Desk;
  #closed = false;

  constructor(desk: Desk, owner: string | null) {
    this.#desk = desk;
    this.user = owner;
  }

  /** Asks for what there is to choose from. */
  async open(): Promise<void> {
    delete this.errors.form;
    try {
      const [users, stores, catalogue] = await Promise.all([
        this.#desk.call("user_list", {}), this.#desk.call("store_list", {}), this.#desk.call("catalogue", {}),
      ]);
      this.users = users.filter((user) => !user.disabled);
      Object.assign(this, { stores, catalogue, loaded: true });
      if (this.users.length === 1) this.user = this.users[0]?.id ?? null;
    } catch (thrown) {
      this.#fail(Refused.from(thrown));
    }
  }

  get owner(): UserView | null {
    return this.users.find((user) => user.id === this.user) ?? null;
  }

  /** The stores of the owner. */
  get own(): readonly StoreView[] {
    return this.stores.filter((store) => store.members.some((member) => member.user === this.user));
  }

  get #policies(): readonly PolicyView[] {
    return this.catalogue.filter((policy) => this.chosen.has(policy.name));
  }

  /** Whether narrowing to stores would mean anything. */
  get concernsStores(): boolean {
    return !this.chosen.has("unrestricted") && this.#policies.some((policy) => policy.store);
  }

  /** How far the key reaches. */
  get tier(): Tier {
    return this.#policies.map((policy) => policy.tier).reduce<Tier>((a, b) => (isAbove(b, a) ? b : a), "see");
  }

  get preset(): Preset | null {
    return presetOf(this.chosen, this.catalogue);
  }

  /** The permissions as the key will hold them. */
  get permissions(): string[] {
    const stores = this.concernsStores ? this.narrowed : [];
    return this.#policies.flatMap(({ name, store }) =>
      store && stores.length > 0 ? stores.map((id) => `${name}:${id}`) : [name],
    );
  }

  get facts(): NewKeyFacts {
    const chosen = this.own.filter((store) => this.narrowed.includes(store.id)).map((store) => store.name);
    const end = endOf(this.expiry, this.date, Date.now());
    return {
      email: this.owner?.email ?? null,
      held: this.#policies.map(({ name, tier }) => ({ policy: name, tier })),
      stores: { concerned: this.concernsStores, chosen, count: this.own.length },
      expiry: this.expiry,
      end: typeof end === "number" ? end : null,
      useless: this.owner?.admin === false && this.#policies.some((policy) => policy.name.startsWith("btcpay.server.")),
    };
  }

  choosePreset(preset: Preset): void {
    this.chosen = new Set(policiesOf(preset, this.catalogue));
    delete this.errors.permission;
  }

  togglePolicy(policy: string): void {
    const chosen = new Set(this.chosen);
    if (!chosen.delete(policy)) chosen.add(policy);
    this.chosen = chosen;
    delete this.errors.permission;
  }

  toggleStore(store: string): void {
    const { narrowed } = this;
    this.narrowed = narrowed.includes(store) ? narrowed.filter((one) => one !== store) : [...narrowed, store];
    delete this.errors.permission;
  }

  /** Another owner has other stores. */
  chooseUser(user: string | null): void {
    if (user === this.user) return;
    this.user = user;
    this.narrowed = [];
    delete this.errors.user;
  }

  /** Makes the key. Answers its handle, or null with `errors` set. */
  async create(): Promise<string | null> {
    if (this.busy || !this.loaded) return null;
    const end = endOf(this.expiry, this.date, Date.now());
    this.errors = this.#check(end);
    if (Object.keys(this.errors).length > 0 || this.user === null) return null;
    this.busy = true;
    try {
      const made = await this.#desk.call("key_create", {
        user: this.user, issuer: null, label: this.label.trim(), permissions: this.permissions,
        expires: typeof end === "number" ? end : null,
      });
      if (!this.#closed) this.secret = made.apiKey;
      void this.#desk.refresh();
      return made.id;
    } catch (thrown) {
      this.#fail(Refused.from(thrown));
      return null;
    } finally {
      this.busy = false;
    }
  }

  /** Drops the token, also one that is still to come. */
  forget(): void {
    this.#closed = true;
    this.secret = null;
  }

  #check(end: ReturnType<typeof endOf>): Partial<Record<NewKeyField, string>> {
    const found: Partial<Record<NewKeyField, string>> = {};
    if (this.owner === null) found.user = words.newKey.errors.user;
    if (end === "empty") found.expires = words.sheet.errors.expiresEmpty;
    if (end === "past") found.expires = words.sheet.errors.expiresPast;
    return found;
  }

  #fail(refused: Refused): void {
    const field = (["user", "label", "permission", "expires"] as const).find((one) => one === refused.field) ?? "form";
    this.errors = { [field]: words.refusal(refused.code, refused.message) };
  }
}

import type { AgainView } from "../host/bindings/AgainView";
import { Refused } from "../host/host";
import { words } from "../words";
import type { Desk } from "./desk.svelte";
import { Guard } from "./guard";

/** As many as make a list; one alone is a card like any other. */
const SEVERAL = 2;

/**
 * The known applications that ask again for exactly what they have, decided together.
 *
 * Those that are there when the list first shows are ticked. One that comes later is not, and makes the decision deaf for
 * 700 ms like everything else that changes what would be handed over.
 */
export class Review {
  rows = $state.raw<readonly AgainView[]>([]);
  ticked = $state.raw<ReadonlySet<string>>(new Set());
  busy = $state(false);
  /** How many were handed over by the last press. */
  done = $state<number | null>(null);
  /** What was not handed over, and why, by request. */
  failed = $state.raw<readonly { id: string; name: string; why: string }[]>([]);
  error = $state<string | null>(null);
  /** Counts what makes the decision deaf for a moment. */
  frights = $state(0);
  readonly guard: Guard;

  readonly #desk: Desk;
  #turn = 0;

  constructor(desk: Desk, guard = new Guard()) {
    this.#desk = desk;
    this.guard = guard;
  }

  get isList(): boolean {
    return this.rows.length >= SEVERAL;
  }

  /** The requests that stand in the list and need no card of their own. */
  get ids(): ReadonlySet<string> {
    return new Set(this.isList ? this.rows.map((row) => row.request.id) : []);
  }

  get chosen(): readonly AgainView[] {
    return this.rows.filter((row) => this.ticked.has(row.request.id));
  }

  /** Asks which requests may be decided together. Only the newest question is answered. */
  async pull(): Promise<void> {
    const turn = ++this.#turn;
    const rows = await this.#desk.call("review_list", {}).catch(() => []);
    if (turn === this.#turn && !this.busy) this.#take(rows);
  }

  toggle(id: string): void {
    const ticked = new Set(this.ticked);
    if (!ticked.delete(id)) ticked.add(id);
    this.ticked = ticked;
    this.startle();
  }

  startle(): void {
    this.guard.startle();
    this.frights += 1;
  }

  /** Hands over again to all that are ticked. */
  async handOver(nameOf: (row: AgainView) => string): Promise<void> {
    const { chosen } = this;
    if (!this.guard.allows() || this.busy) return;
    this.error = chosen.length === 0 ? words.review.noneTicked : null;
    if (this.error !== null) return;
    this.busy = true;
    try {
      const outcomes = await this.#desk.call("approve_again", { ids: chosen.map((row) => row.request.id) });
      const names = new Map(chosen.map((row) => [row.request.id, nameOf(row)]));
      this.failed = outcomes.flatMap(({ id, error }) =>
        error === null ? [] : [{ id, name: names.get(id) ?? id, why: words.refusal(error.code, error.message) }]);
      this.done = outcomes.length - this.failed.length;
    } catch (thrown) {
      const refused = Refused.from(thrown);
      this.error = words.refusal(refused.code, refused.message);
    }
    this.busy = false;
    await this.#desk.refresh();
    await this.pull();
  }

  #take(rows: readonly AgainView[]): void {
    const known = new Set(this.rows.map((row) => row.request.id));
    const before = this.isList;
    const change = JSON.stringify(this.rows.map(shown)) !== JSON.stringify(rows.map(shown));
    this.rows = rows;
    if (!this.isList) {
      this.ticked = new Set();
      return;
    }
    const stays = (id: string) => (before ? this.ticked.has(id) && known.has(id) : true);
    this.ticked = new Set(rows.map((row) => row.request.id).filter(stays));
    if (change) this.startle();
  }
}

/** What the human sees of a row and would agree to. */
function shown({ request, key, stores }: AgainView): unknown {
  return [request.id, request.program, request.origin, key.id, key.user, key.permissions, stores];
}

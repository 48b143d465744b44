import type { Calls } from "../host/bindings/calls";
import type { LogExportedView } from "../host/bindings/LogExportedView";
import { Refused } from "../host/host";
import { words } from "../words";
import type { Desk } from "./desk.svelte";
import { slowly } from "./slowly";

/** Writing the log into a file: where to, and what came of it. */
export class LogExport {
  path = $state("");
  busy = $state(false);
  /** Whether it takes longer than people take for at once. */
  slow = $state(false);
  /** What is wrong with the path, or what kept it from being written. */
  error = $state<{ field: "path" | "form"; text: string } | null>(null);
  done = $state.raw<LogExportedView | null>(null);

  readonly #call: Desk["call"];

  constructor(desk: Desk) {
    this.#call = (name, args) => desk.call(name, args);
  }

  /** Proposes a new file of today, in the folder for files of the user where one is known. */
  async propose(now: Date): Promise<void> {
    this.error = this.done = null;
    this.path = "";
    const { exports } = await this.#call("folders", {}).catch((): Calls["folders"]["answer"] => ({ exports: null }));
    if (exports !== null && this.path === "") this.path = `${exports.replace(/\/$/, "")}/${words.logExport.file(dayOf(now))}`;
  }

  /** Writes it. Answers whether it was written. */
  async run(): Promise<boolean> {
    if (this.busy) return false;
    const path = this.path.trim();
    this.error = path === "" ? { field: "path", text: words.logExport.empty } : null;
    if (this.error !== null) return false;
    this.busy = true;
    const stop = slowly((slow) => (this.slow = slow));
    try {
      this.done = await this.#call("log_export", { path });
      return true;
    } catch (thrown) {
      const refused = Refused.from(thrown);
      this.error = { field: refused.field === "path" ? "path" : "form", text: words.refusal(refused.code, refused.message) };
      return false;
    } finally {
      stop();
      this.busy = false;
    }
  }
}

/** The day as it is here: `2027-03-31`. */
function dayOf(now: Date): string {
  const two = (number: number) => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

import type { CallError } from "./bindings/CallError";
import type { Calls } from "./bindings/calls";
import type { Code } from "./bindings/Code";

/** What the window needs of whoever runs it. Everything else goes through calls. */
export interface Host {
  /** Makes a call. Rejects with a [`Refused`]. */
  call<K extends keyof Calls>(name: K, args: Calls[K]["args"]): Promise<Calls[K]["answer"]>;
  /** Runs `then` whenever something may have changed; what changed has to be asked for. Answers how to stop. */
  onChange(then: () => void): () => void;
}

/** A call that did not do what was asked. */
export class Refused extends Error {
  readonly code: Code;
  /** The argument at fault, where one is. */
  readonly field: string | null;

  constructor(error: CallError) {
    super(error.message);
    this.name = "Refused";
    this.code = error.code;
    this.field = error.field ?? null;
  }

  /** Whatever was thrown, as a refusal. */
  static from(thrown: unknown): Refused {
    if (thrown instanceof Refused) return thrown;
    if (isCallError(thrown)) return new Refused(thrown);
    return new Refused({ code: "failed", message: thrown instanceof Error ? thrown.message : String(thrown) });
  }
}

function isCallError(thrown: unknown): thrown is CallError {
  return typeof thrown === "object" && thrown !== null && "code" in thrown && "message" in thrown;
}

import type { Program } from "../host/bindings/Program";
import type { Receiver } from "../host/bindings/Receiver";
import type { RequestSheet } from "./sheet.svelte";

/** How often an open sheet looks who listens, in milliseconds. */
const EVERY = 1_500;

/** What tells one receiver from another: the user and the program, which may be restarted. */
export function keyOf(receiver: Receiver | null): string {
  const listener = receiver?.listener ?? null;
  const program = listener && "program" in listener ? identity(listener.program) : null;
  const uid = listener?.whose === "other-user" ? listener.uid : null;
  return JSON.stringify([receiver?.origin, listener?.whose, uid, program]);
}

function identity(program: Program | null): readonly (string | null)[] | null {
  return program && [program.exe, program.script];
}

/** Looks again and again who would receive the key of an open sheet, until the answer is called. */
export function watchReceiver(sheet: RequestSheet): () => void {
  const timer = setInterval(() => void sheet.lookAgain(), EVERY);
  return () => clearInterval(timer);
}

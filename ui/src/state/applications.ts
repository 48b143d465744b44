import type { ApplicationIdentity } from "../host/bindings/ApplicationIdentity";
import type { AppView } from "../host/bindings/AppView";
import type { Program } from "../host/bindings/Program";
import type { RequestView } from "../host/bindings/RequestView";

/** What stands for an application where one word has to: its identifier, else its address, else the program. */
export function identifierOf(identity: ApplicationIdentity): string {
  switch (identity.by) {
    case "identifier":
      return identity.identifier;
    case "origin":
      return identity.origin;
    case "program":
      return identity.program.script ?? identity.program.exe;
    case "unknown":
      return "";
  }
}

/** Where its keys go: scheme, host and port; null for a program that collects them itself. */
export function originOf(identity: ApplicationIdentity): string | null {
  return identity.by === "identifier" || identity.by === "origin" ? identity.origin : null;
}

/** The requests by each application, newest first. */
export class Asked {
  readonly #by = new Map<string, RequestView[]>();

  constructor(requests: readonly RequestView[]) {
    for (const request of [...requests].sort((a, b) => b.asked - a.asked)) {
      const identity = canonical(request.application);
      const earlier = this.#by.get(identity);
      if (earlier) earlier.push(request);
      else this.#by.set(identity, [request]);
    }
  }

  of({ identity }: AppView): readonly RequestView[] {
    return this.#by.get(canonical(identity)) ?? [];
  }

  /** The programs or browsers that asked in its name, the latest first, each once. */
  programsOf(app: AppView): Pick<RequestView, "mode" | "program">[] {
    const seen = new Map<string, Pick<RequestView, "mode" | "program">>();
    for (const { mode, program } of this.of(app)) {
      const which = programKey(program);
      if (which !== null && !seen.has(which)) seen.set(which, { mode, program });
    }
    return [...seen.values()];
  }
}

/** Whether an application has a text in its names, identifier, address or program. */
export function hasText(app: AppView, text: string, asked: Asked): boolean {
  const programs = asked.programsOf(app).flatMap(({ program }) => [program?.exe ?? "", program?.script ?? ""]);
  return [...app.names, identifierOf(app.identity), originOf(app.identity) ?? "", ...programs].some((one) => one.toLowerCase().includes(text));
}

function programKey(program: Program | null): string | null {
  return program?.exe ? JSON.stringify([program.exe, program.script]) : null;
}

/** The same text for the same identity, whatever the order of its fields. */
function canonical(identity: ApplicationIdentity): string {
  if (identity.by === "program") return JSON.stringify(["program", identity.program.exe, identity.program.script]);
  return JSON.stringify([identity.by, identity.by === "identifier" ? identity.identifier : "", originOf(identity)]);
}

import type { AppView } from "../../host/bindings/AppView";
import type { RequestView } from "../../host/bindings/RequestView";
import { identifierOf, originOf } from "../../state/applications";
import { words } from "../../words";
import { baseName, browserName, commandOf } from "../../words/facts";

/** What an application is called: the name it gave itself last, else what it is recognised by. */
export function titleOf({ names: [latest], identity }: AppView): string {
  if (latest !== undefined) return latest;
  if (identity.by === "program") return baseName(identifierOf(identity));
  return identifierOf(identity) || words.applications.unnamed;
}

/** Beside the title: what it is recognised by, where that says more, and how many other names it used. */
export function asideOf(app: AppView): string {
  const identifier = identifierOf(app.identity);
  const others = app.names.length > 1 ? words.applications.otherNames(app.names.length - 1) : "";
  const shown = app.identity.by === "origin" || identifier === titleOf(app) ? "" : identifier;
  return [shown, others].filter(Boolean).join(" ");
}

/** Where its keys go. */
export function goesOf({ identity }: AppView): string {
  return originOf(identity) ?? (identity.by === "program" ? words.applications.backToProgram : words.applications.noAddress);
}

/** The command that asked, or the browser it went through. */
export function askerOf({ mode, program }: Pick<RequestView, "mode" | "program">): string {
  if (mode === "browser") return words.applications.through(browserName(program) ?? words.sheet.facts.browser);
  return (program && commandOf(program)) ?? words.sheet.facts.programUnknown;
}

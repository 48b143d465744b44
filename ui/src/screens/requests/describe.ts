import type { RequestView } from "../../host/bindings/RequestView";
import { words } from "../../words";
import { baseName, browserName, commandOf, policyOf } from "../../words/facts";
import { doings, list } from "../../words/phrases";

/** What a request is called in a list: its own name, else its identifier, else the program. */
export function nameOf(request: RequestView): string {
  if (request.name !== null) return request.name;
  if (request.application.by === "identifier") return request.application.identifier;
  const { program } = request;
  if (program?.script) return baseName(program.script);
  return program?.exe ? baseName(program.exe) : words.requests.unnamed;
}

/** The browser or the command that asks. */
export function wherefrom(request: RequestView): string {
  const { program } = request;
  if (request.mode === "browser") return browserName(program) ?? words.sheet.facts.browser;
  return (program && commandOf(program)) ?? words.sheet.facts.programUnknown;
}

/** What permissions let a key do, in one plain line that begins a sentence. */
export function plainly(permissions: readonly string[]): string {
  const policies = [...new Set(permissions.map(policyOf))];
  const text = list(doings(policies).map((doing) => doing.text));
  return text.charAt(0).toUpperCase() + text.slice(1);
}

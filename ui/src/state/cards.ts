import type { RequestView } from "../host/bindings/RequestView";

/** One request for each card that waits: the first of those that are the same. */
export function cardsOf(requests: readonly RequestView[]): RequestView[] {
  const cards = new Map<string, RequestView>();
  for (const request of requests) {
    if (request.status !== "pending") continue;
    if (!cards.has(request.card) || request.id === request.card) cards.set(request.card, request);
  }
  return [...cards.values()];
}

/** The ended requests, newest first as they come. */
export function endedOf(requests: readonly RequestView[]): RequestView[] {
  return requests.filter((request) => request.status !== "pending");
}

/** Whether a key was granted that nobody has. */
export function isUncollected(request: RequestView): boolean {
  const delivery = request.grant?.delivery;
  return delivery === "never" || delivery === "failed" || delivery === "withheld";
}

import type { AgainOutcome } from "../bindings/AgainOutcome";
import type { AgainView } from "../bindings/AgainView";
import type { KeyView } from "../bindings/KeyView";
import { Refused } from "../host";
import { isAbove } from "../../words/tiers";
import { changesOf, grantedBefore } from "./changes";
import { approve } from "./deciding";
import { consentTo, matching, waiting, type Consent } from "./requests";
import { refused, tierOf, type Asked, type World } from "./world";

/** Known applications that ask again for exactly what they have. */
export function reviewList(world: World): AgainView[] {
  return world.asked.flatMap((asked) => {
    const found = again(world, asked);
    if (found === null) return [];
    const stores = [...new Set(found.key.permissions.flatMap((one) => one.split(":")[1] ?? []))];
    const name = (id: string) => world.stores.find((store) => store.id === id)?.name ?? id;
    return [{ request: asked.view, key: found.key, stores: stores.map(name) }];
  });
}

export function approveAgain(world: World, { ids }: { ids: string[] }): AgainOutcome[] {
  return ids.map((id) => {
    try {
      const found = again(world, waiting(world, id));
      if (found === null) throw refused("invalid", "this is not exactly what the application has: look at the request itself", "ids");
      const { user, stores } = found.consent;
      approve(world, {
        id, user: user.id, issuer: null, stores, permissions: null, label: null, expires: null, proof: "passphrase",
        matching: "existing", stopOld: [], passphrase: null, receiver: null, remember: null,
      });
      return { id, error: null };
    } catch (thrown) {
      const { code, message, field } = Refused.from(thrown);
      return { id, error: { code, message, field } };
    }
  });
}

function again(world: World, asked: Asked): { key: KeyView; consent: Consent } | null {
  const { view } = asked;
  const [last] = grantedBefore(world, asked);
  if (view.status !== "pending" || view.standing !== "known" || view.askedTimes > 1 || view.unknown.length > 0 || !last) return null;
  const scopes = [...new Set(last.grant.permissions.flatMap((one) => one.split(":")[1] ?? []))];
  const stores = view.selectiveStores ? scopes : [];
  const consent = consentTo(world, asked, { user: last.grant.user, stores, permissions: null });
  const key = matching(world, asked, consent).exact;
  const changes = changesOf(world, asked, last.grant.user, consent.permissions);
  const same = changes !== null && changes.exactly && !changes.otherProgram && changes.otherOrigin === null;
  if (key === null || !same || isAbove(tierOf(consent.permissions), "sell")) return null;
  return [...key.permissions].sort().join() === consent.permissions.join() ? { key, consent } : null;
}

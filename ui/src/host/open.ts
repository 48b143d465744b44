import type { Host } from "./host";
import { tauriHost } from "./tauri";

/** The host this page runs in: the window; or, while developing, a plain browser with a made-up world. */
export async function openHost(): Promise<Host> {
  if (import.meta.env.MODE === "production" || "__TAURI_INTERNALS__" in window) return tauriHost();
  const { fakeHost } = await import("./fake");
  const wanted = new URLSearchParams(location.search);
  return fakeHost(wanted.get("scene") ?? "many", Number(wanted.get("delay") ?? 60));
}

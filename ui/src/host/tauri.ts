import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { Refused, type Host } from "./host";

/** The real window: one command, one event without data. */
export function tauriHost(): Host {
  return {
    async call(name, args) {
      try {
        return await invoke("call", { call: { call: name, args } });
      } catch (thrown) {
        throw Refused.from(thrown);
      }
    },
    onChange(then) {
      const listening = listen("changed", () => then());
      return () => void listening.then((stop) => stop());
    },
  };
}

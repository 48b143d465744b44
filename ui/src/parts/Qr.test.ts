import { cleanup, render, screen } from "@testing-library/svelte";
import { encode } from "uqr";
import { afterEach, expect, test } from "vitest";
import Qr from "./Qr.svelte";

afterEach(cleanup);

/** The modules that a path of runs fills. */
function drawn(path: string): string[] {
  return [...path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)].flatMap(([, x, y, length]) =>
    Array.from({ length: Number(length) }, (_, i) => `${Number(x) + i},${y}`),
  );
}

test("a_qr_code_draws_every_dark_module_once_with_a_quiet_zone_of_four", () => {
  const text = JSON.stringify({ ApiKey: "0".repeat(40), Host: "http://127.0.0.1:21420" });
  render(Qr, { text, label: "The code", testid: "qr" });
  const svg = screen.getByRole("img", { name: "The code" });
  const { data, size } = encode(text, { ecc: "M", border: 0 });
  const dark = data.flatMap((row, y) => row.flatMap((on, x) => (on ? [`${x + 4},${y + 4}`] : [])));
  const modules = drawn(svg.querySelector("path")?.getAttribute("d") ?? "");
  expect(new Set(modules)).toEqual(new Set(dark));
  expect(modules).toHaveLength(dark.length);
  expect(svg.getAttribute("viewBox")).toBe(`0 0 ${size + 8} ${size + 8}`);
});

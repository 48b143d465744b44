import { afterEach, expect, test } from "vitest";
import { NARROWEST, WIDEST, Widths } from "./widths.svelte";

afterEach(() => localStorage.clear());

test("widths_are_kept_within_what_can_be_used", () => {
  const widths = new Widths("keys");
  widths.choose("label", 3);
  widths.choose("user", 9_999);
  expect([widths.of("label"), widths.of("user")]).toEqual([NARROWEST, WIDEST]);
  expect(new Widths("keys").of("label")).toBe(NARROWEST);
  expect(new Widths("users").of("label")).toBeUndefined();
});

test("what_cannot_be_a_width_is_left_out", () => {
  for (const kept of ["nonsense", "null", "[1]", '{"label":"wide","user":-3,"state":90}']) {
    localStorage.setItem("widths.keys", kept);
    const widths = new Widths("keys");
    expect([widths.of("label"), widths.of("user")]).toEqual([undefined, undefined]);
  }
  expect(new Widths("keys").of("state")).toBe(90);
});

import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { afterEach, expect, test } from "vitest";
import { focused, leave, show } from "./testing";

afterEach(leave);

async function open(): Promise<HTMLInputElement> {
  await screen.findAllByTestId("log-row");
  await fireEvent.click(screen.getByTestId("log-export"));
  const path = (await screen.findByTestId("log-export-path")) as HTMLInputElement;
  await waitFor(() => expect(path.value).not.toBe(""));
  return path;
}

test("a_new_file_of_today_in_the_downloads_is_proposed_and_written", async () => {
  const host = await show("typical", "log");
  const path = await open();
  expect(path.value).toMatch(/^\/home\/ana\/Downloads\/fieldgate-log-\d{4}-\d{2}-\d{2}\.jsonl$/);
  const wanted = path.value;
  await fireEvent.click(screen.getByTestId("log-export-save"));
  const done = await screen.findByTestId("log-exported");
  expect(done.textContent).toContain(`${host.world.log.length} entries are in the file.`);
  expect(screen.getByTestId("log-export-written").textContent).toBe(wanted);
  expect([...host.world.files]).toEqual([wanted]);
  await waitFor(() => expect(focused()?.dataset.testid).toBe("log-export-close"));
});

test("a_path_that_cannot_be_is_said_beside_the_field_which_has_the_focus", async () => {
  const host = await show("typical", "log");
  host.world.files.add("/tmp/kept");
  const path = await open();
  for (const [text, error] of [
    ["", "Type where the file goes."],
    ["log.jsonl", "The path has to begin with a slash"],
    ["/tmp/kept", "There is something of this name already"],
  ] as const) {
    await fireEvent.input(path, { target: { value: text } });
    await fireEvent.click(screen.getByTestId("log-export-save"));
    await screen.findByText(error);
    await waitFor(() => expect(focused()).toBe(path));
  }
  expect(host.world.files.size).toBe(1);
});

import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, expect, test } from "vitest";
import { focused, leave, press, show } from "./testing";

afterEach(leave);

async function openUser(email: string): Promise<HTMLElement> {
  await waitFor(() => expect(screen.getAllByTestId("user-row").some((row) => row.dataset.email === email)).toBe(true));
  screen.getAllByTestId("user-row").find((row) => row.dataset.email === email)?.focus();
  press("Enter");
  return screen.findByTestId("user-sheet");
}

async function openStore(name: string): Promise<HTMLElement> {
  const row = () => screen.getAllByTestId("store-row").find((one) => one.textContent?.includes(name));
  await waitFor(() => expect(row()).toBeTruthy());
  await fireEvent.click(row() as HTMLElement);
  return screen.findByTestId("store-sheet");
}

function member(sheet: HTMLElement, email: string): HTMLElement {
  return within(sheet).getAllByTestId("store-member").find((one) => one.dataset.email === email) as HTMLElement;
}

test("a_users_sheet_has_its_facts_its_stores_and_its_keys_and_gives_the_focus_back", async () => {
  await show("typical", "users");
  const sheet = await openUser("ana@shop.example");
  await within(sheet).findAllByTestId("user-key");
  expect(within(sheet).getAllByTestId("user-store").map((one) => one.textContent)).toContain("Bakery · Owner");
  await fireEvent.keyDown(sheet, { key: "Escape" });
  await waitFor(() => expect(focused()?.dataset.email).toBe("ana@shop.example"));
});

test("disabling_says_first_how_many_keys_stop_and_can_be_taken_back", async () => {
  const host = await show("typical", "users");
  const sheet = await openUser("ana@shop.example");
  const live = host.world.keys.filter((key) => key.email === "ana@shop.example" && key.state === "live").length;
  expect(sheet.textContent).toContain(`${live} keys stop answering at once`);
  await fireEvent.click(within(sheet).getByTestId("disable-user"));
  await within(sheet).findByTestId("enable-user");
  expect(host.world.users.find((user) => user.email === "ana@shop.example")?.disabled).toBe(true);
  await fireEvent.click(await within(sheet).findByTestId("undo-user"));
  await within(sheet).findByTestId("disable-user");
  expect(host.world.users.find((user) => user.email === "ana@shop.example")?.disabled).toBe(false);
});

test("why_the_only_admin_stays_one_is_said_beside_the_button", async () => {
  const host = await show("typical", "users");
  const sheet = await openUser("admin@shop.example");
  for (const button of ["disable-user", "demote-user"]) {
    await fireEvent.click(within(sheet).getByTestId(button));
    const alert = await within(sheet).findByRole("alert");
    expect(alert.textContent).toContain("This is the only admin who is not disabled");
    await waitFor(() => expect(within(sheet).getByTestId(button).getAttribute("aria-busy")).toBeNull());
  }
  expect(host.world.users[0]).toMatchObject({ admin: true, disabled: false });
});

test("an_admin_is_made_and_a_password_set_and_taken_away", async () => {
  const host = await show("typical", "users");
  const sheet = await openUser("ana@shop.example");
  const ana = () => host.world.users.find((user) => user.email === "ana@shop.example");
  await fireEvent.click(within(sheet).getByTestId("promote-user"));
  await within(sheet).findByTestId("demote-user");
  expect(ana()?.admin).toBe(true);
  expect(within(sheet).queryByTestId("unset-password")).toBeNull();
  await fireEvent.click(within(sheet).getByTestId("set-password"));
  await fireEvent.input(await screen.findByTestId("user-password"), { target: { value: "five5" } });
  await fireEvent.click(screen.getByTestId("save-password"));
  await screen.findByText("A password has at least 6 characters.");
  await fireEvent.input(screen.getByTestId("user-password"), { target: { value: "hunter22" } });
  await fireEvent.click(screen.getByTestId("save-password"));
  await waitFor(() => expect(ana()?.hasPassword).toBe(true));
  await fireEvent.click(await within(sheet).findByTestId("unset-password"));
  await fireEvent.click(await screen.findByTestId("unset-confirm"));
  await waitFor(() => expect(ana()?.hasPassword).toBe(false));
});

test("deleting_a_user_names_what_goes_with_it_and_takes_the_address_in_full", async () => {
  const host = await show("typical", "users");
  const sheet = await openUser("ana@shop.example");
  await within(sheet).findAllByTestId("user-store");
  await fireEvent.click(within(sheet).getByTestId("delete-user"));
  const dialog = await screen.findByTestId("delete-user-confirm-dialog");
  expect(within(dialog).getByTestId("delete-ends").textContent).toContain("Front counter and Online shop");
  expect(within(dialog).getByTestId("delete-leaves").textContent).toBe("It leaves Bakery, which stays.");
  await fireEvent.input(within(dialog).getByTestId("delete-user-email"), { target: { value: "ana@" } });
  await fireEvent.click(within(dialog).getByTestId("delete-user-confirm"));
  await within(dialog).findByText("This is not the e-mail address.");
  await fireEvent.input(within(dialog).getByTestId("delete-user-email"), { target: { value: " ANA@shop.example" } });
  await fireEvent.click(within(dialog).getByTestId("delete-user-confirm"));
  await waitFor(() => expect(screen.queryByTestId("user-sheet")).toBeNull());
  expect(host.world.users.some((user) => user.email === "ana@shop.example")).toBe(false);
  expect(host.world.stores.map((store) => store.name)).toEqual(["Bakery", "Head office"]);
  expect(host.world.keys.every((key) => key.email !== "ana@shop.example")).toBe(true);
});

test("a_new_key_made_from_a_users_sheet_has_its_owner_set", async () => {
  await show("typical", "users");
  const sheet = await openUser("ben@shop.example");
  await fireEvent.click(within(sheet).getByTestId("user-make-key"));
  await waitFor(() => expect((screen.getByTestId("new-key-user") as HTMLInputElement).value).toBe("ben@shop.example"));
});

test("a_role_says_what_follows_before_it_is_given_and_can_be_taken_back", async () => {
  const host = await show("typical", "stores");
  const sheet = await openStore("Bakery");
  const role = () => host.world.stores[0]?.members.find((one) => one.email === "ben@shop.example")?.role;
  const ben = member(sheet, "ben@shop.example");
  await fireEvent.change(within(ben).getByTestId("member-role"), { target: { value: "Manager" } });
  expect(within(ben).getByTestId("member-meaning").textContent).toContain("at once: sees the settings");
  expect(role()).toBe("Employee");
  await fireEvent.click(within(ben).getByTestId("change-role"));
  await waitFor(() => expect(role()).toBe("Manager"));
  await fireEvent.click(await within(sheet).findByTestId("undo-member"));
  await waitFor(() => expect(role()).toBe("Employee"));
});

test("a_store_that_would_be_left_without_an_owner_is_warned_about", async () => {
  await show("typical", "stores");
  const sheet = await openStore("Bakery");
  const ana = member(sheet, "ana@shop.example");
  await fireEvent.change(within(ana).getByTestId("member-role"), { target: { value: "Guest" } });
  expect(within(ana).getByTestId("member-meaning").textContent).toContain("Nobody owns the store then");
  await fireEvent.click(within(ana).getByTestId("keep-role"));
  await waitFor(() => expect(within(ana).queryByTestId("member-meaning")).toBeNull());
  expect((within(ana).getByTestId("member-role") as HTMLSelectElement).value).toBe("Owner");
});

test("a_member_is_added_with_a_role_and_nobody_twice", async () => {
  const host = await show("typical", "stores");
  const sheet = await openStore("Bakery");
  await fireEvent.click(within(sheet).getByTestId("add-member"));
  await within(sheet).findByText("Choose who it is.");
  await fireEvent.input(within(sheet).getByTestId("member-user"), { target: { value: "@" } });
  const offered = (await within(sheet).findAllByRole("option")).map((option) => option.textContent);
  expect(offered).not.toContain("ben@shop.example");
  await fireEvent.click(await within(sheet).findByText("admin@shop.example"));
  await fireEvent.change(within(sheet).getByTestId("member-new-role"), { target: { value: "Guest" } });
  await fireEvent.click(within(sheet).getByTestId("add-member"));
  await waitFor(() => expect(host.world.stores[0]?.members.at(-1)).toMatchObject({ email: "admin@shop.example", role: "Guest" }));
  await within(sheet).findByText("admin@shop.example belongs to the store now, as Guest.");
});

test("taking_out_the_last_member_says_that_the_store_ends_and_ends_it", async () => {
  const host = await show("typical", "stores");
  const bakery = await openStore("Bakery");
  await fireEvent.click(within(member(bakery, "ben@shop.example")).getByTestId("remove-member"));
  const first = await screen.findByTestId("remove-member-dialog");
  expect(within(first).queryByTestId("store-ends")).toBeNull();
  await fireEvent.click(within(first).getByTestId("remove-member-confirm"));
  await waitFor(() => expect(within(bakery).getAllByTestId("store-member")).toHaveLength(1));
  await fireEvent.click(within(member(bakery, "ana@shop.example")).getByTestId("remove-member"));
  const last = await screen.findByTestId("remove-member-dialog");
  expect(within(last).getByTestId("store-ends").textContent).toContain("so it ends");
  await fireEvent.click(within(last).getByTestId("remove-member-confirm"));
  await waitFor(() => expect(screen.queryByTestId("store-sheet")).toBeNull());
  expect(host.world.stores.some((store) => store.name === "Bakery")).toBe(false);
});

test("a_store_is_renamed_and_a_name_that_cannot_be_is_said_beside_it", async () => {
  const host = await show("typical", "stores");
  const sheet = await openStore("Bakery");
  await fireEvent.click(within(sheet).getByTestId("rename-store"));
  const name = await screen.findByTestId("store-name");
  await fireEvent.input(name, { target: { value: "" } });
  await fireEvent.click(screen.getByTestId("rename-store-save"));
  await screen.findByText("Type a name of 1 to 50 characters.");
  await fireEvent.input(name, { target: { value: "Café" } });
  await fireEvent.click(screen.getByTestId("rename-store-save"));
  await waitFor(() => expect(within(sheet).getByRole("heading", { name: "Café" })).toBeTruthy());
  expect(host.world.stores[0]?.name).toBe("Café");
});

import type { SettingsWords, StoresWords, UsersWords } from "./words.keys";

const counted = (count: number) => count.toLocaleString("en");

export const users: UsersWords = {
  title: "Users",
  table: "All users",
  add: "New user",
  count: (count) => `${counted(count)} ${count === 1 ? "user" : "users"}`,
  columns: { email: "E-mail", role: "Role", keys: "Live keys", signIn: "Sign-in", created: "Created", actions: "Actions" },
  admin: "Admin",
  user: "User",
  disabled: "disabled",
  keys: (count) => counted(count),
  showKeys: (email) => `Show the keys of ${email}`,
  password: "Password",
  noPassword: "Keys only",
  newKey: "New key",
  newKeyFor: (email) => `New key for ${email}`,
  empty: { title: "No users yet", lead: "A key belongs to a user. Add the first one." },
  form: {
    title: "New user",
    email: "E-mail",
    emailHint: "It names the user. Nothing is sent there.",
    admin: "Admin",
    adminHint: "Keys of an admin can be given power over the whole server and all users.",
    password: "Password",
    passwordHint: "Only for apps that sign in with e-mail and password; empty turns that off.",
    create: "Create user",
    created: (email) => `${email} is added.`,
    errors: {
      email: "Type an e-mail address.",
      password: "A password has at least 6 characters, or is left empty.",
    },
  },
};

export const stores: StoresWords = {
  title: "Stores",
  table: "All stores",
  add: "New store",
  count: (count) => `${counted(count)} ${count === 1 ? "store" : "stores"}`,
  columns: { name: "Name", members: "Members", created: "Created", id: "Id" },
  idOf: (name) => `the id of ${name}`,
  empty: { title: "No stores yet", lead: "Keys can be narrowed to stores, and shop plugins work with one. Add the first one." },
  form: {
    title: "New store",
    name: "Name",
    nameHint: "1 to 50 characters.",
    owner: "Owner",
    create: "Create store",
    created: (name) => `${name} is added.`,
    errors: { name: "Type a name of 1 to 50 characters.", owner: "Choose who owns it." },
  },
};

export const settings: SettingsWords = {
  title: "Settings",
  gate: {
    title: "Gate",
    lead: "Applications on this computer use this address as their BTCPay Server.",
    open: "Open",
    closed: "Closed",
  },
  basic: {
    title: "Sign-in",
    label: "Let apps sign in with e-mail and password",
    hint: "An app that uses it sees the password and can do everything that user can. Keys work without it.",
  },
  lock: {
    title: "Lock",
    label: "Lock when nobody uses this window",
    hint: "Keys that were handed out keep working while it is locked.",
    never: "Never",
    minutes: (count) => (count === 60 ? "After 1 hour" : `After ${counted(count)} ${count === 1 ? "minute" : "minutes"}`),
    other: "After…",
    otherLabel: "Minutes",
    error: "Type a whole number of minutes from 1 to 1440.",
  },
  look: {
    title: "Appearance",
    label: "Colours",
    hint: "Remembered on this computer.",
    appearances: { system: "As the system", light: "Light", dark: "Dark" },
  },
  about: { title: "About", version: (version) => `Fieldgate ${version}` },
  saved: "Saved",
};

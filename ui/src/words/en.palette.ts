import type { PaletteWords, ShortcutWords } from "./words.palette";

export const palette: PaletteWords = {
  title: "Find or do something",
  open: "Find or do",
  find: "Type what to do, or the name of a key, user, store or application",
  groups: {
    requests: "Waiting for you", do: "Do", go: "Go to", applications: "Applications", users: "Users", stores: "Stores", keys: "Keys",
  },
  commands: {
    "new-key": "New key",
    "new-user": "New user",
    "new-store": "New store",
    "copy-gate": "Copy the gate's address",
    shortcuts: "Keyboard shortcuts",
    lock: "Lock",
  },
  theme: { system: "Colours as the system", light: "Light colours", dark: "Dark colours" },
  review: (name) => `Review ${name}`,
  goTo: (screen) => `Go to ${screen}`,
  copied: "The gate's address is copied.",
  notCopied: "The gate's address could not be copied. It is at the foot of the rail.",
  nothing: "Nothing of this name.",
};

export const shortcuts: ShortcutWords = {
  title: "Keyboard shortcuts",
  groups: { anywhere: "Anywhere", list: "In a list", table: "In a table" },
  what: {
    palette: "Find or do something",
    lock: "Lock",
    help: "This list",
    screen: "Go to a screen, in the order of the rail",
    close: "Close what lies on top",
    find: "Search",
    make: "New key, user or store",
    move: "Next or previous row",
    page: "A page up or down",
    ends: "First or last row",
    open: "Open the row",
    choose: "Select the row, where rows have a box",
    range: "Select on the way",
    everything: "Select everything found",
    nothing: "Clear the selection",
    sort: "At the head: sort, or turn around",
    column: "At the head: next or previous column",
    resize: "At a column's edge: narrower or wider",
    reset: "At a column's edge: width as it was",
  },
  keys: {
    ctrl: "Ctrl", shift: "Shift", enter: "Enter", escape: "Esc", up: "↑", down: "↓", left: "←", right: "→", home: "Home", end: "End",
    page: "Page ↑ ↓", space: "Space",
  },
  settings: {
    title: "Keyboard",
    label: "Shortcuts of a single key",
    hint: "Such as ? and N. Turn them off if dictation or another tool types keys that you did not press.",
    show: "Show all shortcuts",
  },
};

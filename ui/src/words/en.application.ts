import type { ApplicationWords } from "./words.application";

export const application: ApplicationWords = {
  note: "Note",
  noteHint: "For yourself: whose it is, what it is for. It changes nothing about what the application may ask.",
  noteNone: "Nothing is written down about it.",
  write: "Write a note",
  edit: "Change",
  save: "Save",
  cancel: "Cancel",
  saved: "Saved.",
  neverServed: "never granted a key",
  otherProgram: "Another program asked last than the one its keys were granted to.",
  elsewhere: "Same identifier, elsewhere",
  elsewhereLead: "An application that calls itself the same wants its keys sent to another address.",
};

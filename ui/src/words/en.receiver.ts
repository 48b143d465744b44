import type { Listener } from "../host/bindings/Listener";
import { shortCommandOf } from "./facts";
import type { ReceiverWords } from "./words.receiver";

function listening(listener: Listener): string {
  const command = "program" in listener && listener.program ? shortCommandOf(listener.program) : null;
  switch (listener.whose) {
    case "nobody":
      return "nobody yet";
    case "unknown":
      return "a program that Fieldgate cannot tell";
    case "own":
      return command ?? "a program of yours that Fieldgate cannot tell";
    case "root":
      return command ? `${command}, run by root` : "a program of root";
    case "other-user":
      return `${command ?? "a program"} of another user, ${listener.user ?? listener.uid}`;
  }
}

export const receiver: ReceiverWords = {
  listener: listening,
  receivedBy: "Received by",
  own: "run by you",
  ownUnknown: "A program of yours. Fieldgate cannot tell which: it hides itself, or several listen there.",
  root: "run by root",
  rootUnknown: "A program of root. Fieldgate cannot see which.",
  otherUser: (user) => `A program of another user: ${user}`,
  otherUserLead: "It would be a new key, never one that is there already, and it needs your passphrase.",
  unknown: "A program that Fieldgate cannot tell",
  unknownLead: "It may be another user’s. It would be a new key, never one that is there already, and it needs your passphrase.",
  nobody: ({ origin }) => `Nothing listens at ${origin.replace(/^https?:\/\//, "")} yet: start it.`,
  looking: "Fieldgate looks again every moment.",
  newReceiver: "Another program than the one that got a key before.",
  newProgram: "No key was asked for through this program before.",
  ended: "It has ended since.",
  terminal: "in",
  throughPage: "The key goes back to this program, which posts it on. Whatever program that is, it can read the key.",
  throughUnknown: "The key goes back to that program, which posts it on and can read it.",
  sentBy: "Sent by",
  sameAddress: "where the key goes, too",
  elsewhere: "Another address than the one the key would go to.",
  newPage: "Sent by another page than before.",
  hidden: "A page that does not say where it is",
  noPage: "No page: the address was typed, or opened by another program",
  pageUnknown: "The browser does not say",
  passphrase: "Asked because the receiver is not yours.",
  withheld: "Held back",
  deliver: {
    title: "Another program listens there now",
    lead: (before, now) => `This key was for ${before}. Now ${now} would get it. Send it there only if you know why that changed.`,
    never: (now) => `Now ${now} would get it, and no key that was decided for somebody else goes there. Let the application ask again.`,
    confirm: "Send it there",
  },
};

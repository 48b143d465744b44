import type { Listener } from "../host/bindings/Listener";
import type { Receiver } from "../host/bindings/Receiver";

/** Who asks, who receives, and what is to be known of both. */
export interface ReceiverWords {
  /** Who listens, as the end of "received by …". */
  listener(listener: Listener): string;
  receivedBy: string;
  own: string;
  ownUnknown: string;
  root: string;
  rootUnknown: string;
  otherUser(user: string): string;
  otherUserLead: string;
  unknown: string;
  unknownLead: string;
  nobody(receiver: Receiver): string;
  looking: string;
  newReceiver: string;
  newProgram: string;
  ended: string;
  terminal: string;
  /** Of a request through a browser: who reads the key on its way. */
  throughPage: string;
  throughUnknown: string;
  sentBy: string;
  sameAddress: string;
  elsewhere: string;
  newPage: string;
  hidden: string;
  noPage: string;
  pageUnknown: string;
  passphrase: string;
  withheld: string;
  deliver: { title: string; lead(before: string, now: string): string; never(now: string): string; confirm: string };
}

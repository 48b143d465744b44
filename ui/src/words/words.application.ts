/** What the sheet of one application says beside what the register says of all. */
export interface ApplicationWords {
  note: string;
  noteHint: string;
  noteNone: string;
  write: string;
  edit: string;
  save: string;
  cancel: string;
  saved: string;
  neverServed: string;
  /** Beside the programs, where the one that asked last was never granted a key and another was. */
  otherProgram: string;
  elsewhere: string;
  elsewhereLead: string;
}

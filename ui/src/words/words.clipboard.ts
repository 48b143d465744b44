/** What is said of the clipboard. */
export interface ClipboardWords {
  /** How long a secret stays there, in the settings. */
  title: string;
  label: string;
  hint: string;
  never: string;
  after(seconds: number): string;
  /** A secret is there, and leaves it in so many seconds; by itself never when null. */
  copied(seconds: number | null): string;
  notCopied(what: string): string;
}

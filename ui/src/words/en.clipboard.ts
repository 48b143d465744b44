import type { ClipboardWords } from "./words.clipboard";

export const clipboard: ClipboardWords = {
  title: "Clipboard",
  label: "Clear a copied key",
  hint: "What somebody has copied since stays. Locking or closing Fieldgate clears a key in any case.",
  never: "When Fieldgate locks",
  after: (seconds) => (seconds === 60 ? "After 1 minute" : `After ${seconds.toLocaleString("en")} seconds`),
  copied: (seconds) => (seconds === null ? "Copied. It leaves the clipboard when Fieldgate locks." : `Copied. It leaves the clipboard in ${seconds} s.`),
  notCopied: (what) => `Not copied: ${what}. There is no clipboard that can be used here.`,
};

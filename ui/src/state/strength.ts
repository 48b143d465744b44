/** How long a passphrase would hold out, told honestly and roughly. */
export type Strength = "none" | "weak" | "fair" | "good" | "strong";

/** Words and runs that every guesser tries first. */
const COMMON = [
  "password", "passwort", "passphrase", "letmein", "welcome", "admin", "bitcoin", "btcpay", "fieldgate", "satoshi",
  "qwertz", "qwerty", "azerty", "asdf", "iloveyou", "monkey", "dragon", "master", "secret", "hello", "test", "login",
  "12345678", "1234567", "123456", "12345", "1234", "abcd", "2024", "2025", "2026",
];

/** Bits of guessing, at most: length times what each character could be, with the guessable parts taken out. */
export function bits(text: string): number {
  const plain = COMMON.reduce((rest, word) => rest.replaceAll(word, "\u0001"), text.toLowerCase());
  const rests = [...plain].filter((char) => char !== "\u0001");
  const words = plain.length === 0 ? 0 : [...plain].filter((char) => char === "\u0001").length;
  const distinct = new Set(rests).size;
  const worth = Math.min(rests.length, distinct * 2);
  return worth * Math.log2(alphabet(text)) * 0.62 + words * 5;
}

/** The strength that is shown beside the field. */
export function strength(text: string): Strength {
  if (text.length === 0) return "none";
  const found = bits(text);
  if (text.length < 8 || found < 30) return "weak";
  if (found < 48) return "fair";
  return found < 70 ? "good" : "strong";
}

function alphabet(text: string): number {
  const classes: [RegExp, number][] = [[/[a-z]/, 26], [/[A-Z]/, 26], [/[0-9]/, 10], [/[\x20-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e]/, 33], [/[^\x00-\x7f]/, 60]];
  return classes.reduce((sum, [has, size]) => sum + (has.test(text) ? size : 0), 0) || 1;
}

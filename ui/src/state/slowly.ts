/** What takes longer than this shows that it works, in milliseconds. */
export const SLOW = 300;

/** Says `true` when something has taken 300 ms and `false` when the answer is called. */
export function slowly(say: (slow: boolean) => void): () => void {
  const timer = setTimeout(() => say(true), SLOW);
  return () => {
    clearTimeout(timer);
    say(false);
  };
}

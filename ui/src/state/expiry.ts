import type { Expiry } from "../words/words";

const HOUR = 3_600;
const DAY = 86_400;
const LENGTHS: Partial<Record<Expiry, number>> = {
  hour: HOUR, day: DAY, month: 30 * DAY, quarter: 90 * DAY, year: 365 * DAY,
};

/**
 * When a key ends, in seconds since 1970; null for never. A date (`2027-03-31`) means the end of that day here.
 * Answers what is wrong with the date instead where something is.
 */
export function endOf(expiry: Expiry, date: string, nowMs: number): number | null | "empty" | "past" {
  if (expiry === "never") return null;
  const now = Math.floor(nowMs / 1000);
  const length = LENGTHS[expiry];
  if (length !== undefined) return now + length;
  const [year, month, day] = date.split("-").map(Number);
  if (!year || !month || !day) return "empty";
  const end = Math.floor(new Date(year, month - 1, day, 23, 59, 59).getTime() / 1000);
  return end > now ? end : "past";
}

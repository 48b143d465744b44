import type { TimeWords } from "./words";

const rough = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const exact = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "medium" });
const sameYear = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const otherYear = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

function relative(seconds: number, now: number): string {
  const away = seconds - now;
  const step = STEPS.find(([, length]) => Math.abs(away) >= length);
  if (step) return rough.format(Math.trunc(away / step[1]), step[0]);
  if (Math.abs(away) < 5) return "just now";
  return rough.format(away, "second");
}

function day(seconds: number): string {
  const date = new Date(seconds * 1000);
  return (date.getFullYear() === new Date().getFullYear() ? sameYear : otherYear).format(date);
}

function left(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const rest = `${seconds % 60} seconds`;
  return minutes === 0 ? rest : `${minutes} ${minutes === 1 ? "minute" : "minutes"} ${rest}`;
}

export const time: TimeWords = {
  never: "Never",
  relative,
  exact: (seconds) => exact.format(new Date(seconds * 1000)),
  day,
  left,
};

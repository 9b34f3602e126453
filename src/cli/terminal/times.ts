import type { TextStyle } from './text-style.js';

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** Writes a duration in its two largest units, joined by no-break spaces: `2 d 3 h`, `4 h 59 min`, `under a minute`. */
export function duration(ms: number): string {
  return durationWords(ms).replaceAll(' ', '\u00a0');
}

function durationWords(ms: number): string {
  const minutes = Math.floor(Math.max(0, ms) / minuteMs);
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60];
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${rest} min`;
  return minutes > 0 ? `${minutes} min` : 'under a minute';
}

/** Writes how old something is: `0 s`, `42 s`, `3 min`. */
export function ageText(ms: number): string {
  return ms < minuteMs ? `${Math.floor(Math.max(0, ms) / 1000)}\u00a0s` : duration(ms);
}

/** Writes an age: `just now`, `42 s ago`, `3 min ago`. */
export function age(ms: number): string {
  if (ms < 5_000) return 'just now';
  return ms < minuteMs ? `${Math.floor(ms / 1000)} s ago` : `${duration(ms)} ago`;
}

/** Returns whether a time in Unix seconds is one that Date and Intl can hold. Intl throws for another one. */
export function isDate(seconds: number): boolean {
  return !Number.isNaN(new Date(seconds * 1000).getTime());
}

/** Writes a time in Unix seconds in the user's locale and time zone, with the day unless it is today. */
export function localTime(seconds: number, nowMs: number, textStyle: TextStyle): string {
  const ms = seconds * 1000;
  if (!isDate(seconds)) return 'at an unknown time';
  const day = { weekday: 'short', day: 'numeric', month: 'short' } as const;
  const isThisYear = Math.abs(ms - nowMs) < 180 * dayMs;
  const parts = isSameDay(ms, nowMs, textStyle)
    ? {}
    : isThisYear
      ? day
      : ({ ...day, year: 'numeric' } as const);
  return written(ms, { ...parts, hour: '2-digit', minute: '2-digit' }, textStyle);
}

/** Writes the same with day and year, even if it is today. */
export function fullLocalTime(seconds: number, textStyle: TextStyle): string {
  const day = { day: 'numeric', month: 'short', year: 'numeric' } as const;
  return written(seconds * 1000, { ...day, hour: '2-digit', minute: '2-digit' }, textStyle);
}

/** Writes a time of day with seconds. */
export function localClock(ms: number, textStyle: TextStyle): string {
  return written(ms, { hour: '2-digit', minute: '2-digit', second: '2-digit' }, textStyle);
}

/** Writes a day of the calendar, which is given by its start in UTC. */
export function calendarDay(atMs: number, textStyle: TextStyle): string {
  const parts = { weekday: 'short', day: 'numeric', month: 'short' } as const;
  return written(atMs, parts, { ...textStyle, timeZone: 'UTC', locale: textStyle.locale });
}

function isSameDay(one: number, other: number, textStyle: TextStyle): boolean {
  const dayOf = (ms: number): string =>
    written(ms, { year: 'numeric', month: 'numeric', day: 'numeric' }, textStyle);
  return dayOf(one) === dayOf(other);
}

function written(ms: number, parts: Intl.DateTimeFormatOptions, { locale, timeZone }: TextStyle): string {
  const text = new Intl.DateTimeFormat(locale, { ...parts, timeZone }).format(ms);
  // Some locales use no-break spaces between the parts.
  return text.replace(/\p{Zs}/gu, ' ');
}

const pattern = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

const secondsIn400Years = 146_097 * 24 * 60 * 60;

/**
 * Returns the Unix seconds of an RFC 3339 time with a zone. Drops fractions of a second. Second 60 counts as 59.
 * Undefined for any other text, including days and hours that do not exist.
 */
export function epochSeconds(text: string): number | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const year = Number(match[1]);
  const month = Number(match[2]);
  const day = Number(match[3]);
  const hour = Number(match[4]);
  const minute = Number(match[5]);
  const second = Number(match[6]);
  const offsetHours = Number(match[8] ?? 0);
  const offsetMinutes = Number(match[9] ?? 0);
  if (month < 1 || month > 12 || hour > 23 || minute > 59 || second > 60) return undefined;
  if (offsetHours > 23 || offsetMinutes > 59) return undefined;

  // Date.UTC maps years below 100 to the 20th century. The calendar repeats every 400 years.
  const ms = Date.UTC(year + 400, month - 1, day, hour, minute, Math.min(second, 59));
  if (new Date(ms).getUTCDate() !== day) return undefined;
  const offsetSeconds = (offsetHours * 60 + offsetMinutes) * 60 * (match[7] === '-' ? -1 : 1);
  return ms / 1000 - secondsIn400Years - offsetSeconds;
}

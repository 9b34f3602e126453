import { checked, mapped, text } from '../util/reading.js';
import { epochSeconds } from '../util/rfc3339.js';

/** An RFC 3339 time as whole Unix seconds. */
export const WireTimestamp = checked(
  mapped(text, (time) => epochSeconds(time) ?? Number.NaN),
  Number.isInteger,
);

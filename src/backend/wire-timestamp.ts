import * as z from 'zod/mini';
import { epochSeconds } from '../util/rfc3339.js';

/** An RFC 3339 time as whole Unix seconds. */
export const WireTimestamp = z
  .pipe(
    z.string(),
    z.transform((text) => epochSeconds(text) ?? Number.NaN),
  )
  .check(z.refine(Number.isInteger));

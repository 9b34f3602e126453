import * as z from 'zod/mini';

/** Parameters of a method that takes none: absent, null or an empty object. */
export const UnitParams = z.strictObject({});

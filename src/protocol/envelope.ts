import * as z from 'zod/mini';
import { errorKinds } from '../util/errors.js';
import { described, int64, named } from './documented.js';

const RequestId = named(
  'RequestId',
  'What a client names a request with. The answer bears it unchanged, integers digit by digit.',
  z.union([z.string(), int64()]),
);

const ErrorKind = named('ErrorKind', 'Why a request failed, in one word for programs.', z.enum(errorKinds));

/** The `error.data` of every error this server answers. */
export const ErrorData = named(
  'ErrorData',
  'What every error carries in `error.data`. Members that do not apply are left out.',
  z.object({
    kind: ErrorKind,
    httpStatus: described('The status the backend answered with.', z.optional(int64())),
    requestId: described(
      "The backend's own id of the failed request, for its support.",
      z.optional(z.string()),
    ),
    retryAfterMs: described(
      'How many milliseconds to wait before asking again, as the backend said.',
      z.optional(int64()),
    ),
    outcomeKnown: described(
      'Only on a failed consume. True: certainly nothing was redeemed. False: a credit may have been used; repeat with the same key.',
      z.optional(z.boolean()),
    ),
    member: described('The parameter that is wrong, as a dotted path.', z.optional(z.string())),
  }),
);
export type ErrorData = z.infer<typeof ErrorData>;

const JSONRPCErrorError = named(
  'JSONRPCErrorError',
  'The error of a failed request.',
  z.object({
    code: described('-32700, -32600, -32603 or -32800.', int64()),
    message: described('One line for people; its text is part of the protocol.', z.string()),
    data: described('Structured details, see `ErrorData`.', z.optional(z.unknown())),
  }),
);

named(
  'JSONRPCError',
  'The answer to a request that failed. Beyond this type, `id` is null in the answer to a line whose id cannot be read.',
  z.object({ error: JSONRPCErrorError, id: RequestId }),
);

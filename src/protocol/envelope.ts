import * as z from 'zod/mini';
import { described, int64, named } from './documented.js';

/** What a client names a request with; the answer bears it unchanged. */
export const RequestId = named(
  'RequestId',
  'What a client names a request with. The answer bears it unchanged, integers digit by digit.',
  z.union([z.string(), int64()]),
);
export type RequestId = z.infer<typeof RequestId>;

/** Why a request failed, for programs; the closed list of `error.data.kind`. */
export const ErrorKind = named(
  'ErrorKind',
  'Why a request failed, in one word for programs.',
  z.enum([
    'authRequired',
    'authFileInvalid',
    'authStoreUnavailable',
    'unauthorized',
    'rateLimited',
    'backendStatus',
    'backendUnreachable',
    'timedOut',
    'badReply',
    'configInvalid',
    'readOnly',
    'parseError',
    'invalidRequest',
    'notInitialized',
    'unsupported',
    'cancelled',
    'loginFailed',
    'shuttingDown',
    'internal',
  ]),
);
export type ErrorKind = z.infer<typeof ErrorKind>;

/** The `error.data` of every error this server answers. */
export const ErrorData = named(
  'ErrorData',
  'What every error carries in `error.data`. Members that do not apply are left out.',
  z.object({
    kind: ErrorKind,
    httpStatus: z.optional(described('The status the backend answered with.', int64())),
    requestId: z.optional(
      described("The backend's own id of the failed request, for its support.", z.string()),
    ),
    retryAfterMs: z.optional(
      described('How many milliseconds to wait before asking again, as the backend said.', int64()),
    ),
    outcomeKnown: z.optional(
      described(
        'Only on a failed consume. True: certainly nothing was redeemed. False: a credit may have been used; repeat with the same key.',
        z.boolean(),
      ),
    ),
    member: z.optional(described('The parameter that is wrong, as a dotted path.', z.string())),
  }),
);
export type ErrorData = z.infer<typeof ErrorData>;

export const JSONRPCErrorError = named(
  'JSONRPCErrorError',
  'The error of a failed request.',
  z.object({
    code: described('-32700, -32600, -32603 or -32800.', int64()),
    message: described('One line for people; its text is part of the protocol.', z.string()),
    data: z.optional(described('Structured details, see `ErrorData`.', z.unknown())),
  }),
);

export const JSONRPCError = named(
  'JSONRPCError',
  'The answer to a request that failed. `id` is null when the request had none that could be read.',
  z.object({ error: JSONRPCErrorError, id: RequestId }),
);
export type JSONRPCError = z.infer<typeof JSONRPCError>;

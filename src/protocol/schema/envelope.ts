import * as z from 'zod/mini';
import { errorKinds, connectionReasons, replyReasons } from '../../util/errors.js';
import { described, int64, named } from './documented.js';

const RequestId = named(
  'RequestId',
  'The id that a client gives a request. The response repeats it unchanged, integers digit by digit.',
  z.union([z.string(), int64()]),
);

export const ErrorKind = named('ErrorKind', 'The reason of a failure, for programs.', z.enum(errorKinds));

const ReplyReason = named(
  'ReplyReason',
  'The meaning of a reply that does not answer the request.',
  z.enum(replyReasons),
);

const ConnectionReason = named(
  'ConnectionReason',
  'Why a connection was not made, or cannot be used.',
  z.enum(connectionReasons),
);

export const ErrorData = named(
  'ErrorData',
  'The `error.data` of every error. Members that do not apply are left out.',
  z.object({
    kind: ErrorKind,
    reason: described(
      'The meaning of the reply, or the reason why the connection failed, if it is known.',
      z.optional(z.union([ReplyReason, ConnectionReason])),
    ),
    explanation: described(
      'For people: why the connection failed, and what to do next. In the output of commands also why the stored login cannot be used.',
      z.optional(z.string()),
    ),
    rayId: described("Cloudflare's id of a challenge, for its support.", z.optional(z.string())),
    httpStatus: described('The HTTP status of the backend.', z.optional(int64())),
    requestId: described("The backend's id of the failed request, for its support.", z.optional(z.string())),
    retryAfterMs: described(
      'The wait before the next request, in milliseconds: that the backend asks for, at most 15 minutes, or until the real codex is started again.',
      z.optional(int64()),
    ),
    outcomeKnown: described(
      'Only on a failed consume. True: no credit was redeemed. False: a credit may have been used; repeat with the same key.',
      z.optional(z.boolean()),
    ),
    stderr: described(
      'Only with `upstreamUnavailable`: the last lines of the real codex on its stderr, at most 4 KiB.',
      z.optional(z.string()),
    ),
    member: described('The path of the invalid parameter, joined by dots.', z.optional(z.string())),
  }),
);
export type ErrorData = z.infer<typeof ErrorData>;

const JSONRPCErrorError = named(
  'JSONRPCErrorError',
  'The error of a failed request.',
  z.object({
    code: described('-32700, -32600, -32603 or -32800.', int64()),
    message: described('One line for people. The text is part of the protocol.', z.string()),
    data: described('Structured details: see `ErrorData`.', z.optional(z.unknown())),
  }),
);

named(
  'JSONRPCError',
  'The response to a failed request. Outside of this type, `id` is null if the id of a line cannot be read.',
  z.object({ error: JSONRPCErrorError, id: RequestId }),
);

import * as z from 'zod/mini';
import { described, named } from '../documented.js';
import { ErrorData } from '../envelope.js';

const kind = 'The reason, for programs: an error kind of the protocol, or one of the command.';

/** The `error` of every command with `--json`. */
export const CommandError = named(
  'CommandError',
  'Why a command with `--json` has no result.',
  z.object({
    message: described('One sentence for people.', z.string()),
    kind: described(kind, z.string()),
    data: described(
      'The kind again, and the details of a failed request.',
      z.extend(ErrorData, { kind: described(kind, z.string()) }),
    ),
  }),
);
export type CommandError = z.infer<typeof CommandError>;

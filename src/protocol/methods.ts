import type * as z from 'zod/mini';
import type { clientMethodSchemas, methodSchemas } from './schema/method-schemas.js';

/**
 * The order in which requests are handled.
 * - `handshake`: immediately, even before `initialize`
 * - `serial`: one at a time, in the order of arrival
 * - `concurrent`: immediately, concurrently with all others
 */
export type Scheduling = 'handshake' | 'serial' | 'concurrent';

export interface MethodDefinition {
  /** Whether absent or null params count as `{}`. */
  readonly paramsOptional: boolean;
  readonly scheduling: Scheduling;
  readonly effect: Effect;
  /** Whether the client must have announced `experimentalApi`. */
  readonly isExperimental?: true;
}

/**
 * The effect of a request on the account, the stored login, or data at the backend.
 * - `none`: it changes nothing, so it can be aborted at any time
 * - `refreshIfAsked`: it renews the stored tokens if `refreshToken` is true, otherwise it changes nothing
 * - `change`: it changes anything else; a read-only server refuses it
 */
export type Effect = 'none' | 'refreshIfAsked' | 'change';

type Schemas = typeof methodSchemas;
export type Method = keyof Schemas;

/**
 * Every request that a client can send. Dispatch, handlers and schema follow this list.
 *
 * The zod schemas are in another file, because a running server does not load them: zod takes milliseconds to set up.
 * It checks params with `param-shapes.ts`.
 */
export const methods: Readonly<Record<Method, MethodDefinition>> = {
  initialize: { paramsOptional: false, scheduling: 'handshake', effect: 'none' },
  'account/read': { paramsOptional: true, scheduling: 'serial', effect: 'refreshIfAsked' },
  getAuthStatus: { paramsOptional: false, scheduling: 'serial', effect: 'refreshIfAsked' },
  'account/rateLimits/read': { paramsOptional: true, scheduling: 'concurrent', effect: 'none' },
  'account/rateLimits/watch': { paramsOptional: true, scheduling: 'concurrent', effect: 'none' },
  'account/rateLimits/unwatch': { paramsOptional: true, scheduling: 'concurrent', effect: 'none' },
  'account/rateLimitResetCredit/consume': { paramsOptional: false, scheduling: 'serial', effect: 'change' },
  'account/usage/read': { paramsOptional: true, scheduling: 'concurrent', effect: 'none' },
  'account/workspaceMessages/read': { paramsOptional: true, scheduling: 'concurrent', effect: 'none' },
  'account/sendAddCreditsNudgeEmail': { paramsOptional: false, scheduling: 'serial', effect: 'change' },
  'account/login/start': { paramsOptional: false, scheduling: 'serial', effect: 'change' },
  'account/login/cancel': { paramsOptional: false, scheduling: 'serial', effect: 'change' },
  'account/logout': { paramsOptional: true, scheduling: 'serial', effect: 'change' },
  'accountSession/list': {
    paramsOptional: false,
    scheduling: 'serial',
    effect: 'none',
    isExperimental: true,
  },
  'accountSession/switch': {
    paramsOptional: false,
    scheduling: 'serial',
    effect: 'change',
    isExperimental: true,
  },
  'config/read': { paramsOptional: false, scheduling: 'concurrent', effect: 'none' },
};

export type ParamsOf<M extends Method> = z.infer<Schemas[M]['params']>;
export type ResultOf<M extends Method> = z.infer<Schemas[M]['result']>;

export function isMethod(name: string): name is Method {
  return Object.hasOwn(methods, name);
}

type ClientSchemas = typeof clientMethodSchemas;

/** The method of a request that the server sends to its client. */
export type ClientMethod = keyof ClientSchemas;
export type ClientParams<M extends ClientMethod> = z.infer<ClientSchemas[M]['params']>;
export type ClientResult<M extends ClientMethod> = z.infer<ClientSchemas[M]['result']>;

/**
 * Sends a request to the client and returns its result.
 * @throws AppError `badReply`, `timedOut` or `shuttingDown` if no valid response arrives
 */
export type RequestClient = <M extends ClientMethod>(
  method: M,
  params: ClientParams<M>,
) => Promise<ClientResult<M>>;

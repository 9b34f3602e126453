import type * as z from 'zod/mini';
import type { clientMethodSchemas, methodSchemas } from './method-schemas.js';

/**
 * When a request is worked on.
 * - `handshake`: at once, also before `initialize`
 * - `account`: one after the other, in the order of arrival
 * - `free`: at once, beside everything else
 */
export type Lane = 'handshake' | 'account' | 'free';

export interface MethodDefinition {
  /** Whether absent or null params count as `{}`. */
  readonly paramsOptional: boolean;
  readonly lane: Lane;
  /** What it does to the account, to the stored login or at the backend. */
  readonly effect: Effect;
}

/**
 * - `none`: it changes nothing, so that it may be given up at any time
 * - `refreshIfAsked`: the same, but that it renews the stored tokens where its `refreshToken` is true
 * - `change`: everything else; a server that is read-only refuses it
 */
export type Effect = 'none' | 'refreshIfAsked' | 'change';

type Schemas = typeof methodSchemas;
export type Method = keyof Schemas;

/**
 * Every request that is served: the one list that dispatch, handlers, schema and docs follow. The schemas stand apart:
 * a server that runs does without them and zod, which take milliseconds to set up; it has `param-shapes.ts`.
 */
export const methods: Readonly<Record<Method, MethodDefinition>> = {
  initialize: { paramsOptional: false, lane: 'handshake', effect: 'none' },
  'account/read': { paramsOptional: true, lane: 'account', effect: 'refreshIfAsked' },
  getAuthStatus: { paramsOptional: false, lane: 'account', effect: 'refreshIfAsked' },
  'account/rateLimits/read': { paramsOptional: true, lane: 'free', effect: 'none' },
  'account/rateLimits/watch': { paramsOptional: true, lane: 'free', effect: 'none' },
  'account/rateLimits/unwatch': { paramsOptional: true, lane: 'free', effect: 'none' },
  'account/rateLimitResetCredit/consume': { paramsOptional: false, lane: 'account', effect: 'change' },
  'account/usage/read': { paramsOptional: true, lane: 'free', effect: 'none' },
  'account/workspaceMessages/read': { paramsOptional: true, lane: 'free', effect: 'none' },
  'account/sendAddCreditsNudgeEmail': { paramsOptional: false, lane: 'account', effect: 'change' },
  'account/login/start': { paramsOptional: false, lane: 'account', effect: 'change' },
  'account/login/cancel': { paramsOptional: false, lane: 'account', effect: 'change' },
  'account/logout': { paramsOptional: true, lane: 'account', effect: 'change' },
};

export type ParamsOf<M extends Method> = z.infer<Schemas[M]['params']>;
export type ResultOf<M extends Method> = z.infer<Schemas[M]['result']>;

export function isMethod(name: string): name is Method {
  return Object.hasOwn(methods, name);
}

type ClientSchemas = typeof clientMethodSchemas;

/** A request that the server sends to its client. */
export type ClientMethod = keyof ClientSchemas;
export type ClientParams<M extends ClientMethod> = z.infer<ClientSchemas[M]['params']>;
export type ClientResult<M extends ClientMethod> = z.infer<ClientSchemas[M]['result']>;

/** Asks the client. @throws AppError `badReply`, `timedOut` or `shuttingDown` where it gives no answer of that shape */
export type AskClient = <M extends ClientMethod>(
  method: M,
  params: ClientParams<M>,
) => Promise<ClientResult<M>>;

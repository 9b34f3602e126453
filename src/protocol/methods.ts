import type * as z from 'zod/mini';
import type { methodSchemas } from './method-schemas.js';

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
  /** Whether it changes nothing, here or at the backend: it may be given up at any time. */
  readonly isRead: boolean;
}

type Schemas = typeof methodSchemas;
export type Method = keyof Schemas;

/**
 * Every request that is served: the one list that dispatch, handlers, schema and docs follow. The schemas stand apart:
 * a server that runs does without them and zod, which take milliseconds to set up; it has `param-shapes.ts`.
 */
export const methods: Readonly<Record<Method, MethodDefinition>> = {
  initialize: { paramsOptional: false, lane: 'handshake', isRead: true },
  'account/read': { paramsOptional: true, lane: 'account', isRead: true },
  getAuthStatus: { paramsOptional: false, lane: 'account', isRead: true },
  'account/rateLimits/read': { paramsOptional: true, lane: 'free', isRead: true },
  'account/rateLimitResetCredit/consume': { paramsOptional: false, lane: 'account', isRead: false },
  'account/usage/read': { paramsOptional: true, lane: 'free', isRead: true },
  'account/workspaceMessages/read': { paramsOptional: true, lane: 'free', isRead: true },
  'account/sendAddCreditsNudgeEmail': { paramsOptional: false, lane: 'account', isRead: false },
  'account/login/start': { paramsOptional: false, lane: 'account', isRead: false },
  'account/login/cancel': { paramsOptional: false, lane: 'account', isRead: false },
  'account/logout': { paramsOptional: true, lane: 'account', isRead: false },
};

export type ParamsOf<M extends Method> = z.infer<Schemas[M]['params']>;
export type ResultOf<M extends Method> = z.infer<Schemas[M]['result']>;

export function isMethod(name: string): name is Method {
  return Object.hasOwn(methods, name);
}

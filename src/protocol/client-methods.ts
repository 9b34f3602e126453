import type * as z from 'zod/mini';
import type { clientMethodSchemas } from './client-method-schemas.js';

type Schemas = typeof clientMethodSchemas;

/** A request that the server sends to its client. */
export type ClientMethod = keyof Schemas;
export type ClientParams<M extends ClientMethod> = z.infer<Schemas[M]['params']>;
export type ClientResult<M extends ClientMethod> = z.infer<Schemas[M]['result']>;

/** Asks the client. @throws AppError `badReply`, `timedOut` or `shuttingDown` where it gives no answer of that shape */
export type AskClient = <M extends ClientMethod>(
  method: M,
  params: ClientParams<M>,
) => Promise<ClientResult<M>>;

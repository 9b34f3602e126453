import type { ClientState } from '../../handlers/initialize.js';
import type { RequestContext } from '../../handlers/request-context.js';
import type { Handler, HandlerTable } from '../../handlers/table.js';
import { experimentalLogins } from '../../protocol/experimental-logins.js';
import {
  isMethod,
  type Method,
  type MethodDefinition,
  methods,
  type ParamsOf,
} from '../../protocol/methods.js';
import { AppError } from '../../util/errors.js';
import { createConsumeOutcomes } from './consume-outcomes.js';
import { readParams } from './params.js';
import { createJoinWork, createQueue } from './queue.js';

/** Returns the result of one request. Its errors are for `errorResponse`. */
export type Dispatcher = (
  method: string,
  paramsText: string | undefined,
  context: RequestContext,
) => Promise<unknown>;

/**
 * Creates a dispatcher, which checks a request and passes it to its handler, at once or through the queue.
 *
 * The order of the checks is that of the reference: method and params, handshake, then the method's own checks. A
 * read-only server refuses a request that changes something before it reaches the handler.
 */
export function createDispatcher(
  handlers: HandlerTable,
  { client, isReadOnly }: { client: ClientState; isReadOnly: boolean },
): Dispatcher {
  const queue = createQueue();
  const consumeOutcomes = createConsumeOutcomes();
  const joinConsume = createJoinWork();
  return async (name, paramsText, context) => {
    if (!isMethod(name)) throw unknownMethod(name);
    const checked = readParams(name, paramsText);
    const { scheduling } = methods[name];
    if (scheduling !== 'handshake' && !client.isInitialized) {
      throw new AppError('notInitialized', 'Not initialized');
    }
    if (isReadOnly) refuseChange(methods[name], checked);
    requireCapability(name, checked, client);
    context.signal.throwIfAborted();
    if (name === 'account/rateLimitResetCredit/consume') {
      const attempt = checked as ParamsOf<typeof name>;
      const { idempotencyKey } = attempt;
      const joined = joinConsume(consumeKey(attempt), async () => handlers[name](attempt, context));
      return consumeOutcomes.track(idempotencyKey, joined, (started) => queue(context, started));
    }
    // The type of the table pairs each handler with its params. TypeScript loses the pair if the name is a union.
    const handle = handlers[name] as Handler<Method>;
    const work = async (): Promise<unknown> => handle(checked, context);
    return scheduling === 'serial' ? queue(context, work) : work();
  };
}

/** Returns what two consumes must have in common to share one request. */
function consumeKey(attempt: ParamsOf<'account/rateLimitResetCredit/consume'>): string {
  const { idempotencyKey, creditId = null, expectedAccountId = null, expectedUserId = null } = attempt;
  return JSON.stringify([idempotencyKey, creditId, expectedAccountId, expectedUserId]);
}

/** @throws AppError if the request is experimental and the client has not announced `experimentalApi` */
function requireCapability(name: Method, checked: object, client: ClientState): void {
  if (client.isExperimental) return;
  if (methods[name].isExperimental) {
    throw new AppError('unsupported', `${name} requires experimentalApi capability`);
  }
  if (name !== 'account/login/start') return;
  const { type } = checked as ParamsOf<typeof name>;
  if (!experimentalLogins.has(type)) return;
  const message = `account/login/start.${type} requires experimentalApi capability`;
  throw new AppError('unsupported', message, { details: { member: 'type' } });
}

function unknownMethod(name: string): AppError {
  const known = Object.keys(methods).map((method) => `\`${method}\``);
  return new AppError(
    'unsupported',
    `Invalid request: unknown variant \`${name}\`, expected one of ${known.join(', ')}`,
  );
}

/**
 * Refuses a request that changes something. A refresh that is due belongs to no request: on a read-only server
 * `createSession` gets a refresher that does nothing.
 *
 * @param params the checked params of the method
 * @throws AppError `readOnly`
 */
function refuseChange({ effect }: MethodDefinition, params: object): void {
  if (effect === 'none') return;
  if (effect === 'refreshIfAsked' && !('refreshToken' in params && params.refreshToken === true)) return;
  throw new AppError(
    'readOnly',
    effect === 'change' ? 'the server is read-only' : 'the server is read-only: no token refresh',
    { details: effect === 'change' ? {} : { member: 'refreshToken' } },
  );
}

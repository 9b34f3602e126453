import type { ClientState } from '../handlers/initialize.js';
import type { RequestContext } from '../handlers/request-context.js';
import type { Handler, HandlerTable } from '../handlers/table.js';
import { experimentalLogins } from '../protocol/experimental-logins.js';
import { isMethod, type Method, type MethodDefinition, methods, type ParamsOf } from '../protocol/methods.js';
import { AppError } from '../util/errors.js';
import { createConsumeOutcomes } from './consume-outcomes.js';
import { readParams } from './params.js';
import { createJoinWork, createQueue } from './queue.js';

/** Answers one request, or throws what `errorResponse` makes an answer of. */
export type Dispatcher = (
  method: string,
  paramsText: string | undefined,
  context: RequestContext,
) => Promise<unknown>;

/**
 * Checks a request in the recorded order (method and parameters, then the handshake, then the method's own checks)
 * and hands it to its handler: at once, or in its turn in the account queue. A server that is read-only lets nothing
 * through to a handler that changes something.
 */
export function createDispatcher(
  handlers: HandlerTable,
  { client, isReadOnly }: { client: ClientState; isReadOnly: boolean },
): Dispatcher {
  const accountQueue = createQueue();
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
    if (name === 'account/login/start') requireCapability(checked as ParamsOf<typeof name>, client);
    context.signal.throwIfAborted();
    if (name === 'account/rateLimitResetCredit/consume') {
      const attempt = checked as ParamsOf<typeof name>;
      const { idempotencyKey, creditId = null } = attempt;
      const joined = joinConsume(JSON.stringify([idempotencyKey, creditId]), async () =>
        handlers[name](attempt, context),
      );
      return consumeOutcomes.track(idempotencyKey, joined, (begun) => accountQueue(context, begun));
    }
    // The table pairs each handler with its own parameters; that link is lost where the name is a union.
    const handle = handlers[name] as Handler<Method>;
    const work = async (): Promise<unknown> => handle(checked, context);
    return scheduling === 'serial' ? accountQueue(context, work) : work();
  };
}

/** @throws AppError where the client has not said that it knows what is experimental */
function requireCapability({ type }: ParamsOf<'account/login/start'>, client: ClientState): void {
  if (client.isExperimental || !experimentalLogins.has(type)) return;
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
 * The gate of a server that is read-only: what it lets through changes nothing. A refresh that is due is no business
 * of a request; `createSession` gets a refresher for it that refreshes nothing.
 *
 * @param params as the schema of the method has read them
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

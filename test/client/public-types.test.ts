import { expectTypeOf, test } from 'vitest';
import * as library from '../../src/client/library.js';
import type {
  AccountClient,
  AccountServerError,
  ClientOptions,
  ConnectionError,
  ConnectionErrorKind,
  ConsumeAccountRateLimitResetCreditResponse,
  ErrorKind,
  GetAccountRateLimitsResponse,
  GetAccountResponse,
  RedemptionError,
  RequestError,
  WatchOptions,
} from '../../src/client/library.js';

// The types that users of the library see. `npm run check:types` checks this file; running it proves nothing.

// Types only: no test calls it.
const client = {} as AccountClient;
const error: unknown = undefined;

test('a loop gets the limits as a read returns them', () => {
  expectTypeOf(client.watchRateLimits).returns.toEqualTypeOf<
    AsyncIterableIterator<GetAccountRateLimitsResponse>
  >();
  expectTypeOf(client.watchRateLimits).parameter(0).toEqualTypeOf<WatchOptions | undefined>();
});

test('the calls have the results of their methods', () => {
  expectTypeOf(client.readRateLimits).returns.resolves.toEqualTypeOf<GetAccountRateLimitsResponse>();
  expectTypeOf(client.readAccount).returns.resolves.toEqualTypeOf<GetAccountResponse>();
  expectTypeOf(
    client.consumeResetCredit,
  ).returns.resolves.toEqualTypeOf<ConsumeAccountRateLimitResetCreditResponse>();
  expectTypeOf(client.request<'account/read'>).returns.resolves.toEqualTypeOf<GetAccountResponse>();
  expectTypeOf(client.request<'account/read'>).toBeCallableWith('account/read');
  expectTypeOf(client.consumeResetCredit).toBeCallableWith({ idempotencyKey: 'key', signal: undefined });
});

test('params that are required cannot be left out, and misspelt names do not compile', () => {
  const misspelt = (): void => {
    // @ts-expect-error -- the key is required
    void client.request('account/rateLimitResetCredit/consume');
    // @ts-expect-error -- the key is required
    void client.consumeResetCredit({ creditId: 'credit-1' });
    // @ts-expect-error -- a misspelt method
    void client.request('account/rateLimit/read');
    // @ts-expect-error -- the client sends it itself
    void client.request('initialize');
    // @ts-expect-error -- a misspelt notification
    client.onNotification('account/rateLimits/update', () => undefined);
    client.onNotification('account/rateLimits/watchFailed', ({ kind }) => {
      expectTypeOf(kind).toEqualTypeOf<ErrorKind>();
    });
  };
  expectTypeOf(misspelt).returns.toBeVoid();
});

test('a client can be disposed of', () => {
  expectTypeOf<AccountClient>().toExtend<AsyncDisposable>();
});

test('only clientInfo is required, and each other option may be undefined', () => {
  expectTypeOf<{ clientInfo: { name: string; version: string } }>().toExtend<ClientOptions>();
  type Others = Omit<ClientOptions, 'clientInfo'>;
  expectTypeOf<{ [Name in keyof Required<Others>]: undefined }>().toExtend<Others>();
});

test('a guard narrows to its class, and the name tells the classes apart', () => {
  if (library.isRequestError(error)) expectTypeOf(error).toEqualTypeOf<RequestError>();
  if (library.isConnectionError(error)) expectTypeOf(error).toEqualTypeOf<ConnectionError>();
  if (library.isRedemptionError(error)) expectTypeOf(error).toEqualTypeOf<RedemptionError>();
  if (!library.isAccountServerError(error)) return;
  expectTypeOf(error).toEqualTypeOf<AccountServerError>();
  expectTypeOf(error.kind).toBeString();
  expectTypeOf(error.isRetryable).toBeBoolean();
  expectTypeOf(error.retryAfterMs).toEqualTypeOf<number | undefined>();
});

test('the kind of an error is one of a list', () => {
  expectTypeOf<RequestError['kind']>().toEqualTypeOf<ErrorKind | 'unknown'>();
  expectTypeOf<ConnectionError['kind']>().toEqualTypeOf<ConnectionErrorKind>();
  expectTypeOf<ConnectionError>().toExtend<AccountServerError>();
  expectTypeOf<RedemptionError>().toExtend<AccountServerError>();
});

test('the pure functions need no time, and take the answer of a read as it is', () => {
  const use = (limits: GetAccountRateLimitsResponse): void => {
    expectTypeOf(library.usagePermission(limits).permission).toEqualTypeOf<
      'allowed' | 'blocked' | 'unknown'
    >();
    expectTypeOf(library.listWindows(limits.rateLimits, 0)[0]).toEqualTypeOf<
      library.NamedWindow | undefined
    >();
    expectTypeOf(library.redeemableCredits(limits.rateLimitResetCredits)[0]?.id).toEqualTypeOf<
      string | undefined
    >();
    expectTypeOf(library.mergeRateLimits(limits, { rateLimits: {} })).toEqualTypeOf(limits);
  };
  expectTypeOf(use).returns.toBeVoid();
});

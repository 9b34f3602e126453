// The methods of the cases, and calls that several of them make.
export const readAccount = 'account/read';
export const readLimits = 'account/rateLimits/read';
export const consume = 'account/rateLimitResetCredit/consume';

/** A base URL on the command line, because codex would send its requests anyway: so no token leaves this machine. */
export const withBase = (url) => ({ after: ['-c', `chatgpt_base_url="${url}"`] });

/** Requests that send something to the backend, and one that does not. */
export async function calls(server) {
  return {
    read: await server.ask(readLimits),
    consume: await server.ask(consume, { idempotencyKey: 'key' }),
    account: (await server.ask(readAccount, {})).account,
    status: (await server.ask('getAuthStatus', {})).authMethod,
  };
}

// Calls the methods with one login after another.
import { writeLogin } from './codex-home.mjs';
import { readAccount, readLimits } from './methods.mjs';

/** Returns the results of the methods with a login. */
export async function whoIs(server) {
  const limits = await server.ask(readLimits, { excludeResetCreditDetails: true });
  return {
    account: await server.ask(readAccount, {}),
    status: await server.ask('getAuthStatus', { includeToken: true }),
    limits: limits.error ?? 'answered',
  };
}

/** Starts a new server for each login. */
export async function askEach({ start, home }, logins, ask, options) {
  const seen = {};
  for (const [name, login] of Object.entries(logins)) {
    writeLogin(home, login);
    const server = start(options);
    await server.initialize();
    seen[name] = await ask(server);
    await server.end();
  }
  return seen;
}

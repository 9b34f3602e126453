import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  type BuiltServer,
  startBuiltServer,
  stopServer,
  withBuiltServer,
} from '../support/processes/built-server.js';
import { mounting, whyNotMounting } from '../support/files/mounting.js';

/** Shows its first argument as /etc/codex, in a /etc without anything else, and runs the command after it. */
const withEtc = 'mount -t tmpfs tmpfs /etc && cp -r "$0" /etc/codex && exec "$@"';

type Start = (args: readonly string[]) => Promise<BuiltServer>;

/** Runs `act` with a function that starts a command with these files in /etc/codex. */
function withAdministrator(
  files: (backendUrl: string) => Readonly<Record<string, string>>,
  act: (start: Start, paths: () => string[]) => Promise<void>,
): Promise<void> {
  return withBuiltServer({ args: ['--version'] }, async ({ home, backend }) => {
    const folder = join(home.path, 'etc-codex');
    mkdirSync(folder);
    for (const [name, text] of Object.entries(files(backend.url))) writeFileSync(join(folder, name), text);
    const servers: BuiltServer[] = [];
    const start: Start = async (args) => {
      const server = startBuiltServer({
        args,
        environment: { CODEX_HOME: home.path, HOME: tmpdir() },
        launcher: [...(mounting ?? []), 'sh', '-c', withEtc, folder],
      });
      servers.push(server);
      if (args[0] !== 'app-server') await server.exited;
      return server;
    };
    await act(start, () => backend.requests.map(({ url }) => url)).finally(() =>
      Promise.all(servers.map(stopServer)),
    );
  });
}

const testIfMounting = test.skipIf(!mounting);

testIfMounting(`the server and usage read the layers in /etc/codex${whyNotMounting}`, () =>
  withAdministrator(
    (url) => ({
      'config.toml': `chatgpt_base_url = "${url}/system"\n`,
      'managed_config.toml': `chatgpt_base_url = "${url}/managed"\n`,
    }),
    async (start, paths) => {
      const server = await start(['app-server', '-c', 'chatgpt_base_url=http://127.0.0.1:9']);
      await server.call(1, 'initialize', { clientInfo: { name: 'test', version: '1.0.0' } });
      await server.call(2, 'account/rateLimits/read', { excludeResetCreditDetails: true });
      await start(['usage', '--json']);
      expect(new Set(paths())).toEqual(
        new Set(['/managed/api/codex/usage', '/managed/api/codex/rate-limit-reset-credits']),
      );
    },
  ),
);

testIfMounting(`commands obey /etc/codex/requirements.toml and name it${whyNotMounting}`, () =>
  withAdministrator(
    () => ({ 'requirements.toml': 'allowed_login_methods = ["api"]\n' }),
    async (start, paths) => {
      const note = 'The administrator of this machine requires this in /etc/codex/requirements.toml.';
      const status = await start(['login', 'status']);
      expect(status.stderr()).toMatch(
        /^Not logged in\nThe stored login is not allowed, so it is not used\. .*\n$/,
      );
      expect(status.stderr()).toContain(note);
      const login = await start(['login']);
      expect(login.stderr()).toContain(`ChatGPT login is disabled. Use API key login instead. ${note}\n`);
      expect(paths()).toEqual([]);
    },
  ),
);

testIfMounting(`a broken file in /etc/codex stops a command and is named${whyNotMounting}`, () =>
  withAdministrator(
    () => ({ 'requirements.toml': 'a = \n' }),
    async (start, paths) => {
      const usage = await start(['usage']);
      expect(usage.stderr()).toContain('/etc/codex/requirements.toml:1:5');
      expect(paths()).toEqual([]);
    },
  ),
);

import { rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startDevBackend } from '../../src/dev-backend/server.js';
import { type AccountFixture, withAccount } from '../support/account-fixture.js';
import { chatgptLogin } from '../support/auth-file.js';
import { bareAnswer } from '../support/bare-answer.js';
import { startMemoryServer } from '../support/memory-server.js';
import { unusableFiles } from '../support/files/unusable-files.js';

function invalid(message: string, data: object = {}): object {
  return { error: { code: -32603, message, data: { kind: 'configInvalid', ...data } } };
}

/** Writes `text` as config.toml, with `URL` replaced by that of the backend, and returns the response to a read. */
async function readWith(
  { backend, configPath, read }: AccountFixture,
  text: string | Buffer,
): Promise<unknown> {
  backend.script('usage', { body: {} });
  writeFileSync(configPath, typeof text === 'string' ? text.replaceAll('URL', backend.url) : text);
  return read();
}

describe('an unusable config.toml', () => {
  /** A config.toml that cannot be used, and the rest of the message after its name. */
  test.each([
    ['a value without quotes', 'chatgpt_base_url = URL\n', ':1:20'],
    ['a key given twice', 'chatgpt_base_url = "URL"\nchatgpt_base_url = "URL"\n', ':2:1'],
    ['a value missing', 'chatgpt_base_url = "URL"\n\nmodel = \n', ':3:9'],
    ['a number for the base URL', 'chatgpt_base_url = 5\n', ': chatgpt_base_url'],
    ['a table for the base URL', '[chatgpt_base_url]\na = "URL"\n', ': chatgpt_base_url'],
    ['a list for the base URL', 'chatgpt_base_url = ["URL"]\n', ': chatgpt_base_url'],
    ['a byte that is not UTF-8', Buffer.from('a = "\xe9"\n', 'latin1'), ': not UTF-8'],
  ])('with %s in config.toml nothing is sent', (_what, text, problem) =>
    withAccount({}, async (fixture) => {
      const message = `invalid configuration at ${fixture.configPath}${problem}`;
      expect(await readWith(fixture, text)).toEqual(invalid(message));
      expect(await fixture.consume()).toEqual(invalid(message, { outcomeKnown: true }));
      expect(fixture.backend.requests).toEqual([]);
    }),
  );

  test('with an unusable config.toml the account is still readable', () =>
    withAccount({ auth: chatgptLogin() }, async ({ configPath, call }) => {
      writeFileSync(configPath, 'oops');
      expect(await call('account/read')).toEqual({
        result: {
          account: { type: 'chatgpt', email: 'canary@example.com', planType: 'pro', workspaceName: null },
          requiresOpenaiAuth: true,
          userId: 'user-dev',
          workspaceRouting: null,
        },
      });
      expect(await call('getAuthStatus', {})).toEqual({
        result: { authMethod: 'chatgpt', authToken: null, requiresOpenaiAuth: true },
      });
    }));

  test('without a login the missing login is reported before an unusable config.toml', () =>
    withAccount({ auth: 'none' }, async (fixture) => {
      expect(await readWith(fixture, 'oops')).toEqual({
        error: {
          code: -32600,
          message: 'codex account authentication required to read rate limits',
          data: { kind: 'authRequired' },
        },
      });
    }));

  test.each(unusableFiles)('a config.toml that %s is unusable', (_, reason, make) =>
    withAccount({}, async ({ backend, configPath, read }) => {
      rmSync(configPath);
      make(configPath);
      expect(await read()).toEqual(
        invalid(`invalid configuration at ${configPath}: cannot be read (${reason})`),
      );
      expect(backend.requests).toEqual([]);
    }),
  );
});

describe('a usable config.toml', () => {
  test.each([
    ['a byte order mark', '\ufeffchatgpt_base_url = "URL"\n'],
    ['CRLF', 'chatgpt_base_url = "URL"\r\nmodel = "m"\r\n'],
    [
      'unknown keys and tables',
      'unknown_key = 1\nchatgpt_base_url = "URL"\n[unknown.table]\nx = [1, "a", {}]\n',
    ],
    ['other keys of odd types', 'model = 5\nsandbox_mode = []\nchatgpt_base_url = "URL"\n'],
    ['big integers', 'a = 9223372036854775807\nb = 9007199254740993\nchatgpt_base_url = "URL"\n'],
    ['dates and infinities', 'a = 1979-05-27T07:32:00Z\nb = -inf\nc = nan\nchatgpt_base_url = "URL"\n'],
    ['a literal text', "chatgpt_base_url = 'URL'\n"],
  ])('a config.toml with %s is used', (_what, text) =>
    withAccount({}, async (fixture) => {
      expect(await readWith(fixture, text)).toEqual(bareAnswer());
    }),
  );

  test('a changed base URL applies from the next request of every method', async () => {
    const other = await startDevBackend();
    await withAccount({}, async ({ backend, configPath, read, consume }) => {
      await read();
      writeFileSync(configPath, `chatgpt_base_url = "${other.url}/moved"\n`);
      await read();
      await consume();
      expect(backend.requests.map(({ url }) => url)).toEqual(['/api/codex/usage']);
      expect(other.requests.map(({ url }) => url)).toEqual([
        '/moved/api/codex/usage',
        '/moved/api/codex/rate-limit-reset-credits/consume',
      ]);
    }).finally(other.close);
  });

  test('a repaired config.toml is used again', () =>
    withAccount({}, async (fixture) => {
      await readWith(fixture, 'chatgpt_base_url = "URL\n');
      expect(await readWith(fixture, 'chatgpt_base_url = "URL"\n')).toEqual(bareAnswer());
    }));

  test('a base URL on the command line overrides config.toml', () =>
    withAccount({ auth: chatgptLogin() }, async ({ backend, configPath }) => {
      writeFileSync(configPath, 'chatgpt_base_url = "http://127.0.0.1:1"\n');
      const codexHome = dirname(configPath);
      const server = startMemoryServer({ codexHome, chatgptBaseUrl: `${backend.url}/over` });
      await server.initialize();
      await server.request('account/rateLimits/read', { excludeResetCreditDetails: true });
      await server.end();
      expect(backend.requests.map(({ url }) => url)).toEqual(['/over/api/codex/usage']);
    }));
});

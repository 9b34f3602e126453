import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeJson } from '../../support/account-fixture.js';
import { chatgptLogin } from '../../support/auth-file.js';
import { outcome, withCommands } from '../../support/processes/commands.js';
import { casesOf, isUnixCase, unreadableTest } from '../../support/unix-test.js';

const checked = 'Authentication is checked when you send a request.';
const key = { OPENAI_API_KEY: 'sk-proj-canary-canary-vwxyz' };
const pat = { personal_access_token: 'at-canary' };
const bedrock = {
  bedrock_api_key: { api_key: 'canary-bedrock', region: 'eu-1' },
  bedrock_access_keys: { access_key_id: 'canary-id', secret_access_key: 'canary-secret', region: 'eu-1' },
};
const agent = { agent_identity: { agent_runtime_id: 'canary-runtime' } };
const mode = (auth_mode: unknown, members: object = {}): object => ({ auth_mode, ...members });
const failed = 'Error checking login status: ';

test.each<[auth: unknown, code: number, line: string]>([
  [chatgptLogin({}, key), 0, 'Logged in using ChatGPT'],
  [mode('chatgpt', key), 0, 'Logged in using ChatGPT'],
  [chatgptLogin({}, { auth_mode: 'chatgptAuthTokens' }), 0, 'Logged in using ChatGPT'],
  [mode('apikey', key), 0, `API key configured - ***\n${checked}`],
  [mode('apikey'), 1, `${failed}API key auth is missing a key.`],
  [mode('personalAccessToken', pat), 0, 'Logged in using personal access token'],
  [pat, 0, 'Logged in using personal access token'],
  [
    mode('personalAccessToken', { personal_access_token: 'canary' }),
    1,
    `${failed}personal access token metadata request failed with status 401 Unauthorized`,
  ],
  [mode('personalAccessToken'), 1, `${failed}personal access token auth is missing a personal access token.`],
  [mode('agentIdentity', agent), 1, `${failed}only Codex can use an agent identity.`],
  [mode('agentIdentity'), 1, `${failed}agent identity auth is missing agent identity auth material.`],
  [mode('headers'), 1, `${failed}externally provided auth cannot be loaded from auth storage.`],
  [mode('bedrockApiKey', bedrock), 0, 'Logged in using Amazon Bedrock API key'],
  [mode('bedrockAccessKeys', bedrock), 0, 'Logged in using Amazon Bedrock AWS access keys'],
  [mode('bedrockApiKey'), 1, `${failed}Bedrock API key auth is missing a Bedrock API key.`],
  [mode('bedrockAccessKeys'), 1, `${failed}Bedrock access keys auth is missing AWS access keys.`],
  ['{}', 0, 'Logged in using ChatGPT'],
])('login status with the stored login %j', (auth, code, line) =>
  withCommands('none', async ({ command, authPath }) => {
    writeJson(authPath, auth);
    const before = readFileSync(authPath, 'utf8');
    expect(await outcome(command('login status'))).toEqual({ code, stdout: '', stderr: `${line}\n` });
    expect(readFileSync(authPath, 'utf8')).toBe(before);
  }),
);

const unusable: readonly [what: string, reason: string, make: (path: string) => void][] = [
  [
    'is not JSON',
    'failed to deserialize CLI auth from file: PATH: not JSON',
    (path) => writeFileSync(path, '{"a":'),
  ],
  [
    'has another mode',
    'failed to deserialize CLI auth from file: PATH: unusable auth_mode',
    (path) => writeJson(path, mode('ChatGPT')),
  ],
  [
    'has a wrong type',
    'failed to deserialize CLI auth from file: PATH: unusable bedrock_api_key.api_key',
    (path) => writeJson(path, mode('bedrockApiKey', { bedrock_api_key: { api_key: 5 } })),
  ],
  [
    'is not UTF-8',
    'cannot use PATH: is not UTF-8',
    (path) => writeFileSync(path, Buffer.from('{"a":"\xff"}', 'latin1')),
  ],
  [
    'is a FIFO',
    'cannot use PATH: cannot be read (EINVAL: not a regular file)',
    (path) => execFileSync('mkfifo', [path]),
  ],
  [
    'has more than 1 MiB',
    'cannot use PATH: cannot be read (EFBIG: above 1 MiB)',
    (path) => writeFileSync(path, ' '.repeat(1024 * 1024 + 1)),
  ],
];

test.each(casesOf(unusable, ([what]) => !isUnixCase(what)))(
  'login status with an auth.json that %s says so, and names the file',
  (_what, reason, make) =>
    withCommands('none', async ({ command, authPath }) => {
      make(authPath);
      const stderr = `${failed}${reason.replace('PATH', authPath)}\n`;
      expect(await outcome(command('login status'))).toEqual({ code: 1, stdout: '', stderr });
    }),
);

unreadableTest('login status with an auth.json that may not be read says so', () =>
  withCommands('chatgpt', async ({ command, authPath }) => {
    chmodSync(authPath, 0);
    const stderr = `${failed}cannot use ${authPath}: cannot be read (EACCES)\n`;
    expect(await outcome(command('login status'))).toEqual({ code: 1, stdout: '', stderr });
  }),
);

test.each([
  ['forced_login_method = "api"', 'Not logged in\n'],
  ['forced_chatgpt_workspace_id = "other"', 'Not logged in\n'],
  ['cli_auth_credentials_store = "ephemeral"', 'Not logged in\n'],
  ['forced_login_method = 5', /^Error loading configuration: invalid configuration at .+config\.toml.*\n$/],
  ['= broken', /^Error loading configuration: invalid configuration at .+config\.toml:\d+:\d+\n$/],
])('login status with %j in config.toml', (line, stderr) =>
  withCommands('chatgpt', async ({ home, command, authPath }) => {
    writeFileSync(join(home.path, 'config.toml'), `${line}\n`);
    expect(await outcome(command('login status'))).toEqual({
      code: 1,
      stdout: '',
      stderr: typeof stderr === 'string' ? stderr : (expect.stringMatching(stderr) as unknown),
    });
    expect(existsSync(authPath)).toBe(true);
  }),
);

test.each([
  ['at-canary', 0, 'Logged in using personal access token\n'],
  ['at-', 1, `${failed}personal access token metadata request failed with status 401 Unauthorized\n`],
])('login status with the CODEX_ACCESS_TOKEN %s', (token, code, stderr) =>
  withCommands('apiKey', async ({ command }) => {
    const status = command('login status', { CODEX_ACCESS_TOKEN: token });
    expect(await outcome(status)).toEqual({ code, stdout: '', stderr });
  }),
);

test('login status says why the issuer could not be asked, without the token', () =>
  withCommands('none', async ({ command, authPath }) => {
    writeJson(authPath, pat);
    const status = command('login status', { CODEX_AUTHAPI_BASE_URL: 'http://127.0.0.1:9' });
    const { code, stderr } = (await outcome(status)) as { code: number; stderr: string };
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(
        /^Error checking login status: failed to request personal access token metadata: .+\n$/,
      ),
    ]);
    expect(stderr).not.toContain('canary');
    rmSync(authPath);
  }));

import fs from 'node:fs';
import path from 'node:path';

import { calls, consume, readLimits, withBase } from '../methods.mjs';

const usageOnly = { excludeResetCreditDetails: true };
const toml = (home, text) => fs.writeFileSync(path.join(home, 'config.toml'), text);

export default [
  {
    name: 'the base URL decides the path, a change applies to the next request, and other keys are ignored',
    promise: [
      'CODEX_HOME and config.toml: It reads both again when they change, from the next request on.',
      'Layers: reads one again if its modification time, size or inode has changed',
      'Keys of config.toml: and ignores all others',
    ],
    run: async ({ open, home, backend }) => {
      const server = await open();
      toml(
        home,
        `\ufeff# mine\nchatgpt_base_url = "${backend.url}/first"\nother = 1\n[a.b]\nchatgpt_base_url = 5\n`,
      );
      await server.ask(readLimits, usageOnly);
      for (const suffix of ['///', '/backend-api', '/x/backend-api/', '/api/codex']) {
        toml(home, `chatgpt_base_url = "${backend.url}${suffix}"\n`);
        await server.ask(readLimits, usageOnly);
      }
      await server.ask(consume, { idempotencyKey: 'key' });
      return backend.requests.map(({ path: asked }) => asked);
    },
  },
  {
    name: '.env replaces variables, also by nothing, and names that begin with CODEX_ are ignored',
    promise: [
      'CODEX_HOME and config.toml: in `CODEX_HOME` sets environment variables.',
      '.env: A variable of `.env` replaces that of the environment, even with an empty value.',
    ],
    run: async ({ open, home, backend }) => {
      const [dead, alive] = ['http://127.0.0.1:9', backend.url];
      const files = {
        replaced: `HTTP_PROXY=${alive} # ours\n`,
        empty: "export HTTP_PROXY=''\n",
        substituted: 'P=127.0.0.1\nHTTP_PROXY="http://${P}:${PORT}"\n',
        last: `HTTP_PROXY=${alive}\nHTTP_PROXY=${dead} x\n`,
        skipped: `HTTP_PROXY: ${alive}\n`,
        lost: `K="\nHTTP_PROXY=${alive}\n`,
        codex: `CODEX_HOME=/nowhere\ncodex_home=/nowhere\nHTTP_PROXY=${alive}\n`,
      };
      const seen = {};
      for (const [name, text] of Object.entries(files)) {
        fs.writeFileSync(path.join(home, '.env'), text);
        const env = { HTTP_PROXY: dead, NO_PROXY: '', PORT: new URL(backend.url).port };
        const server = await open({ env });
        const { error } = await server.ask(readLimits, usageOnly);
        seen[name] = error ? 'failed' : 'answered';
      }
      return seen;
    },
  },
  {
    name: 'a line of .env with a NUL is skipped',
    promise: [
      'CODEX_HOME and config.toml: in `CODEX_HOME` sets environment variables.',
      '.env: A line that cannot be read is skipped.',
    ],
    departure: 'D25',
    run: async ({ start, home, backend }) => {
      fs.writeFileSync(path.join(home, '.env'), `A=a\0b\nHTTP_PROXY=${backend.url}\n`);
      const server = start({ env: { HTTP_PROXY: 'http://127.0.0.1:9', NO_PROXY: '' } });
      const { code } = await server.end();
      return { code };
    },
  },
  {
    name: 'an invalid base URL fails the request',
    promise: 'Endpoints: A base URL that is not an http or https URL fails the request with `configInvalid`.',
    run: async ({ open, home }) => {
      const server = await open();
      const seen = {};
      for (const base of [
        'not a url',
        '127.0.0.1:9',
        '/relative',
        'http://127.0.0.1:99999',
        'ftp://127.0.0.1:9',
      ]) {
        toml(home, `chatgpt_base_url = "${base}"\n`);
        seen[base] = [
          await server.ask(readLimits, usageOnly),
          await server.ask(consume, { idempotencyKey: 'key' }),
        ];
      }
      return seen;
    },
  },
  {
    name: 'no environment variable sets the base URL or signs in',
    promise: [
      'CODEX_HOME and config.toml: no environment variable sets the base URL',
      'Environment variables: No variable sets the base URL of the backend',
    ],
    run: async ({ open, backend }) => {
      const names = ['CHATGPT_BASE_URL', 'CODEX_CHATGPT_BASE_URL', 'OPENAI_BASE_URL', 'CODEX_BASE_URL'];
      const bases = names.map((name) => [name, `${backend.url}/env`]);
      const env = { ...Object.fromEntries(bases), OPENAI_API_KEY: 'sk-env', CODEX_API_KEY: 'sk-env' };
      const server = await open({ env });
      await server.ask(readLimits, usageOnly);
      return { sent: backend.seen(), status: await server.ask('getAuthStatus', { includeToken: true }) };
    },
  },
  {
    name: 'a config.toml that cannot be parsed is reported with line and column, and nothing is sent',
    promise: [
      'CODEX_HOME and config.toml: While `config.toml` cannot be read, every request that would send something fails',
      'Errors in settings: The message contains the file, and the line and column or the key.',
    ],
    departure: 'D14',
    config: (url) => `chatgpt_base_url = "${url}"\nmodel = \n`,
    run: async ({ open, backend }) => {
      const server = await open(withBase(backend.url));
      return { ...(await calls(server)), sent: backend.seen() };
    },
  },
  {
    name: 'a config.toml that breaks while the server runs fails requests until it is fixed',
    promise:
      'CODEX_HOME and config.toml: While `config.toml` cannot be read, every request that would send something fails',
    departure: 'D14',
    run: async ({ open, home, backend }) => {
      const server = await open(withBase(backend.url));
      const file = path.join(home, 'config.toml');
      const good = fs.readFileSync(file);
      const broken = {
        duplicate: 'chatgpt_base_url = "http://127.0.0.1:9"\nchatgpt_base_url = "x"\n',
        setting: 'cli_auth_credentials_store = "nowhere"\n',
        number: '\n\nchatgpt_base_url = 5\n',
        bytes: Buffer.of(0x61, 0xff, 0x0a),
      };
      const seen = {};
      for (const [name, text] of Object.entries(broken)) {
        toml(home, text);
        seen[name] = (await server.ask(readLimits, usageOnly)).error;
      }
      fs.rmSync(file);
      fs.mkdirSync(file);
      seen.directory = (await server.ask(readLimits, usageOnly)).error;
      fs.rmdirSync(file);
      toml(home, good);
      seen.fixed = Object.keys(await server.ask(readLimits, usageOnly)).length > 0;
      return { ...seen, sent: backend.seen() };
    },
  },
];

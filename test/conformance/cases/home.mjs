import fs from 'node:fs';
import path from 'node:path';

import { readAccount, readLimits, consume } from '../methods.mjs';

const usageOnly = { excludeResetCreditDetails: true };
const toml = (home, text) => fs.writeFileSync(path.join(home, 'config.toml'), text);

/** A base URL on the command line, because codex would send its requests anyway: so no token leaves this machine. */
const withBase = (url) => ({ after: ['-c', `chatgpt_base_url="${url}"`] });

/** Requests that send something to the backend, and one that does not. */
async function calls(server) {
  return {
    read: await server.ask(readLimits),
    consume: await server.ask(consume, { idempotencyKey: 'key' }),
    account: (await server.ask(readAccount, {})).account,
    status: (await server.ask('getAuthStatus', {})).authMethod,
  };
}

export default [
  {
    name: 'a CODEX_HOME that is missing or not a directory is exit code 1, and is not created',
    promise: [
      'Exit codes: `CODEX_HOME` cannot be used',
      'CODEX_HOME: A `CODEX_HOME` that is set must exist, be a directory and be readable.',
    ],
    run: async ({ start, home }) => {
      const missing = path.join(home, 'missing');
      const leave = async (codexHome) => {
        const server = start({ env: { CODEX_HOME: codexHome } });
        const { code } = await server.end();
        return { code, stdout: server.messages.length, stderr: server.stderr().trim().split('\n').at(-1) };
      };
      const seen = [await leave(missing), await leave(path.join(home, 'config.toml'))];
      return { seen, isCreated: fs.existsSync(missing) };
    },
  },
  {
    name: 'the first request is answered with the reason why no server starts',
    promise: 'Exit codes: the first request is answered with it',
    departure: 'D38',
    run: async ({ start, home }) => {
      const refused = async (options) => {
        const server = start(options);
        return { answer: await server.initialize(), code: (await server.exited).code };
      };
      return {
        home: await refused({ env: { CODEX_HOME: path.join(home, 'missing') } }),
        setting: await refused({ after: ['-c', 'foo'] }),
      };
    },
  },
  {
    name: 'without CODEX_HOME it is .codex in HOME, which is created',
    promise: 'CODEX_HOME and config.toml: The default is `~/.codex`, which is created if it is missing.',
    run: async ({ start, directory }) => {
      const unset = await start({ env: { CODEX_HOME: undefined } }).initialize();
      const empty = await start({ env: { CODEX_HOME: '' } }).initialize();
      return {
        unset: unset.codexHome,
        empty: empty.codexHome,
        made: fs.readdirSync(path.join(directory, '.codex')).length,
      };
    },
    departure: 'D19',
  },
  {
    name: 'CODEX_HOME may be relative, a symbolic link, or have dots or a trailing slash; two servers may use it',
    promise: [
      'CODEX_HOME and config.toml: The server works on `CODEX_HOME`.',
      'CODEX_HOME: Symbolic links are resolved. A relative path starts at the working directory.',
    ],
    run: async ({ start, home, directory }) => {
      fs.symlinkSync(home, path.join(directory, 'link'));
      const ways = [path.basename(home), path.join(directory, 'link'), `${home}/`];
      const answers = ways.map((way) => start({ env: { CODEX_HOME: way }, cwd: directory }).initialize());
      return (await Promise.all(answers)).map(({ codexHome }) => codexHome);
    },
  },
  {
    name: 'CODEX_HOME may have blanks, any characters, and more than 300 of them',
    promise: 'Unusual folders and files: blanks, any characters, 300 characters in `CODEX_HOME`',
    run: async ({ start, home, directory }) => {
      const names = ['two words', 'größe-家', `${'long'.repeat(40)}/${'longer'.repeat(40)}`];
      const seen = [];
      for (const name of names) {
        const other = path.join(directory, name);
        fs.cpSync(home, other, { recursive: true });
        const server = start({ env: { CODEX_HOME: other } });
        const { codexHome } = await server.initialize();
        const { rateLimits } = await server.ask(readLimits, usageOnly);
        seen.push([codexHome === other, rateLimits.planType]);
      }
      return seen;
    },
  },
  {
    name: 'nothing is written into CODEX_HOME',
    promise: 'CODEX_HOME and config.toml: A plain read of the limits writes nothing there',
    departure: 'D19',
    run: async ({ open, home }) => {
      const before = fs.readFileSync(path.join(home, 'auth.json'), 'utf8');
      const server = await open();
      await calls(server);
      await server.ask(readAccount, { refreshToken: false });
      await server.end();
      const after = fs.readFileSync(path.join(home, 'auth.json'), 'utf8');
      return { files: fs.readdirSync(home).sort(), isSame: before === after };
    },
  },
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
    name: 'a base URL of ChatGPT gets the paths of ChatGPT',
    promise: 'Endpoints: then `/backend-api` is appended (D25).',
    departure: 'D25',
    run: async ({ open }) => {
      const seen = {};
      for (const base of [
        'https://chatgpt.com/',
        'https://chat.openai.com',
        'https://chatgpt.com:8443/x',
        'https://chatgpt.com/backend-api/',
        'HTTPS://chatgpt.com',
        'https://foo.chatgpt.com',
        'https://chatgpt.com.evil.example',
      ]) {
        const closed = { HTTPS_PROXY: 'http://127.0.0.1:9', https_proxy: undefined, NO_PROXY: '' };
        const server = await open({ env: closed, ...withBase(base) });
        seen[base] = (await server.ask(readLimits, usageOnly)).error.message;
      }
      return seen;
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

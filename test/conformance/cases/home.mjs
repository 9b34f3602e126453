import fs from 'node:fs';
import path from 'node:path';

import { calls, readAccount, readLimits, withBase } from '../methods.mjs';

const usageOnly = { excludeResetCreditDetails: true };

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
];

import fs from 'node:fs';
import path from 'node:path';

import { leaving, leavingEach } from '../leaving.mjs';

export default [
  {
    name: 'app-server help prints the usage, and other words behind app-server start no server',
    promise: 'Arguments: any other word is refused with exit code 2',
    run: async ({ start }) => {
      const printed = await leaving(start, { after: ['help'] });
      const words = [['help', 'nope'], ['nope'], ['--stdio', 'nope']];
      return { help: printed.code, ...(await leavingEach(start, words)) };
    },
  },
  {
    name: 'app-server proxy and daemon start no server',
    promise: 'Arguments: any other word is refused with exit code 2',
    departure: 'D37',
    run: ({ start }) => leavingEach(start, [['proxy'], ['daemon', 'start']]),
  },
  {
    name: 'generate-ts and generate-json-schema write types, and need no CODEX_HOME',
    promise: 'Arguments: [write the types]',
    run: async ({ start, directory }) => {
      const seen = {};
      for (const [command, file] of [
        ['generate-ts', 'v2/GetAccountResponse.ts'],
        ['generate-json-schema', 'codex_app_server_protocol.schemas.json'],
      ]) {
        const out = path.join(directory, command);
        const after = [command, '--out', out];
        const written = await leaving(start, { after, env: { CODEX_HOME: `${directory}/missing` } });
        const isThere = fs.existsSync(path.join(out, file));
        const wrong = await leavingEach(start, [[command], [command, '--out'], [command, '--nope']]);
        const below = await leaving(start, { after: [command, '--out', path.join(out, file, 'below')] });
        seen[command] = { written, isThere, wrong, below };
      }
      return seen;
    },
  },
];

import { join } from 'node:path';
import type { Clock } from '../util/clock.js';
import type { Log } from '../util/log.js';
import { type FileContent, watchFile } from '../util/watched-file.js';
import { type Login, loginFromAuthFile } from './credentials.js';

export interface Session {
  /** Who is signed in now. auth.json is looked at each time, and read again when it has changed. */
  login(): Promise<Login>;
}

/** Another program may be writing auth.json: a broken one is read again this often, with this pause. */
const rereads = 4;
const rereadPauseMs = 25;

/** The login stored in `codexHome`. It is only ever read here. */
export function createSession(options: { codexHome: string; clock: Clock; log: Log }): Session {
  const { codexHome, clock, log } = options;
  const path = join(codexHome, 'auth.json');
  const file = watchFile(path);
  let known: { content: FileContent; login: Login } | undefined;

  async function readLogin(): Promise<{ content: FileContent; login: Login }> {
    for (let attempt = 0; ; attempt += 1) {
      const content = file.read();
      if (content === known?.content) return known;
      const login = loginFromContent(content);
      if (login.kind !== 'invalid' || attempt === rereads) return { content, login };
      await new Promise<void>((resolve) => {
        clock.after(rereadPauseMs, resolve);
      });
    }
  }

  return {
    async login() {
      const { content, login } = await readLogin();
      if (content === known?.content) return known.login;
      if (login.kind === 'invalid') log.error(`cannot use ${path}: ${login.reason}`);
      // What was good before a torn write stays so until the file parses again.
      known = { content, login: login.kind === 'invalid' && login.isTorn && known ? known.login : login };
      return known.login;
    },
  };
}

function loginFromContent(content: FileContent): Login {
  if (Buffer.isBuffer(content)) return loginFromAuthFile(content.toString('utf8'));
  return content.errorCode === 'ENOENT'
    ? { kind: 'none' }
    : { kind: 'invalid', reason: `cannot be read (${content.errorCode})` };
}

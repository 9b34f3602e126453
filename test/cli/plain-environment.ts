import { tmpdir } from 'node:os';

/** Returns the environment of a command with this CODEX_HOME. Times are in UTC, texts in UTF-8 without colours. */
export function plainEnvironment(codexHome: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: tmpdir(),
    CODEX_HOME: codexHome,
    TZ: 'UTC',
    LANG: 'C.UTF-8',
    NO_COLOR: '1',
  };
}

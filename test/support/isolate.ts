import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

const ownPrefix = 'codex-account-server-';
const isWindows = process.platform === 'win32';
const leakingVariables =
  /^(https?_proxy|all_proxy|no_proxy|codex_.*|openai_.*|node_extra_ca_certs|ssl_cert_(file|dir))$/i;

/**
 * Keeps the run away from the login, proxy and certificates of the user: the worker processes inherit this
 * environment. Returns a function that fails the run if a test leaves one of our files in its temp folder.
 *
 * The shared temp folder is not looked at, because a dev-backend or another run may write to it at any time.
 */
export default function isolate(): () => void {
  const root = mkdtempSync(join(tmpdir(), 'account-server-test-'));
  const home = join(root, 'home');
  const temp = join(root, 'temp');
  const codexHome = join(home, '.codex');
  mkdirSync(codexHome, { recursive: true });
  mkdirSync(temp);
  setEnvironment({
    HOME: home,
    CODEX_HOME: codexHome,
    TMPDIR: temp,
    ...(isWindows && windowsVariables(temp)),
  });

  return () => {
    const leftovers = readdirSync(temp).filter((name) => name.startsWith(ownPrefix));
    rmSync(root, { recursive: true, force: true });
    if (leftovers.length === 0) return;
    // vitest prints an error that is thrown here, but exits with 0.
    process.exitCode = 1;
    throw new Error(`Tests left temporary files: ${leftovers.join(', ')}`);
  };
}

/** Windows has other variables for the temp folder. Batch files as those of npm find node on PATH. */
function windowsVariables(temp: string): Record<string, string> {
  const path = [process.env.PATH, dirname(process.execPath)].join(delimiter);
  return { TEMP: temp, TMP: temp, PATH: path };
}

function setEnvironment(replacements: Record<string, string>): void {
  for (const name of Object.keys(process.env)) {
    if (leakingVariables.test(name)) Reflect.deleteProperty(process.env, name);
  }
  Object.assign(process.env, replacements);
}

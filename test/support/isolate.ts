import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ownPrefix = 'codex-account-server-';
const leakingVariables =
  /^(https?_proxy|all_proxy|no_proxy|codex_.*|openai_.*|node_extra_ca_certs|ssl_cert_(file|dir))$/i;

/**
 * Keeps the run away from the login, proxy and certificates of whoever starts it: the worker processes inherit this
 * environment. The function it returns fails the run when a test leaves one of our files in a temp folder.
 */
export default function isolate(): () => void {
  const sharedTemp = tmpdir();
  const namesBefore = new Set(readdirSync(sharedTemp));
  // The name stays clear of `ownPrefix`, else two runs at once would blame each other.
  const root = mkdtempSync(join(sharedTemp, 'account-server-test-'));
  const home = join(root, 'home');
  const temp = join(root, 'temp');
  const codexHome = join(home, '.codex');
  mkdirSync(codexHome, { recursive: true });
  mkdirSync(temp);
  setEnvironment({ HOME: home, CODEX_HOME: codexHome, TMPDIR: temp });

  return () => {
    // A test that starts a process without TMPDIR reaches the shared folder.
    const leftovers = [
      ...ownFilesIn(temp),
      ...ownFilesIn(sharedTemp).filter((name) => !namesBefore.has(name)),
    ];
    rmSync(root, { recursive: true, force: true });
    if (leftovers.length === 0) return;
    // vitest prints what is thrown here, but ends as if nothing had happened.
    process.exitCode = 1;
    throw new Error(`Tests left temporary files: ${leftovers.join(', ')}`);
  };
}

function setEnvironment(replacements: Record<string, string>): void {
  for (const name of Object.keys(process.env)) {
    if (leakingVariables.test(name)) Reflect.deleteProperty(process.env, name);
  }
  Object.assign(process.env, replacements);
}

function ownFilesIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.startsWith(ownPrefix));
}

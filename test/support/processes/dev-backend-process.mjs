import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../../dist/main.cjs', import.meta.url));

/** Starts the embedded backend in its own process, for programs that block while they wait for others. */
export async function startDevBackendProcess(scenario) {
  const child = spawn(process.execPath, [main, 'dev-backend', '--scenario', scenario], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const stop = () => child.kill();
  process.on('exit', stop);
  void exited.then(() => process.off('exit', stop));
  let text = '';
  child.stdout.setEncoding('utf8');
  while (!/^export /m.test(text)) text += String(await once(child.stdout, 'data'));
  return {
    codexHome: /CODEX_HOME=(\S+)/.exec(text)[1],
    async close() {
      stop();
      await exited;
    },
  };
}

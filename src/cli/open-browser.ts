import { spawn } from 'node:child_process';

/**
 * Tries to show a page in the browser of this machine, and goes on at once: whether it comes up cannot be known, so
 * the person has to be shown the URL all the same. Nothing is tried without a display.
 */
export function openBrowser(url: string, environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): void {
  const hasDisplay = Boolean(environment.DISPLAY || environment.WAYLAND_DISPLAY);
  if (platform !== 'darwin' && !hasDisplay) return;
  const command = platform === 'darwin' ? 'open' : 'xdg-open';
  const child = spawn(command, [url], { env: environment, stdio: 'ignore', detached: true });
  // There may be no such program.
  child.on('error', () => undefined);
  child.unref();
}

import { spawn } from 'node:child_process';

/**
 * Tries to open a page in the browser of this machine, if there is a display. Nothing reports whether the page was
 * opened, so the URL has to be shown to the user as well.
 */
export function openBrowser(url: string, environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): void {
  const hasDisplay = Boolean(environment.DISPLAY || environment.WAYLAND_DISPLAY);
  if (platform !== 'darwin' && !hasDisplay) return;
  const command = platform === 'darwin' ? 'open' : 'xdg-open';
  const child = spawn(command, [url], { env: environment, stdio: 'ignore', detached: true });
  // The program may not be installed.
  child.on('error', () => undefined);
  child.unref();
}

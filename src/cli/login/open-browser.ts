import { spawn } from 'node:child_process';
import { win32 } from 'node:path';

/**
 * Tries to open a page in the browser of this machine, if there is a display. Nothing reports whether the page was
 * opened, so the URL has to be shown to the user as well.
 */
export function openBrowser(url: string, environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): void {
  const [program, ...args] = browserCommand(url, environment, platform) ?? [];
  if (program === undefined) return;
  const child = spawn(program, args, {
    env: environment,
    stdio: 'ignore',
    detached: true,
    windowsHide: true,
  });
  // The program may not be installed.
  child.on('error', () => undefined);
  child.unref();
}

/** Returns the command that opens a page. Undefined without a display. */
export function browserCommand(
  url: string,
  environment: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
): string[] | undefined {
  if (platform === 'darwin') return ['open', url];
  if (platform === 'win32') {
    // `start` of cmd would need quotes for each `&` of the URL. The whole path, as the working directory is searched first.
    const folder = win32.join(environment.SYSTEMROOT || 'C:\\Windows', 'System32');
    return [win32.join(folder, 'rundll32.exe'), 'url.dll,FileProtocolHandler', url];
  }
  const hasDisplay = Boolean(environment.DISPLAY || environment.WAYLAND_DISPLAY);
  return hasDisplay ? ['xdg-open', url] : undefined;
}

/** The files of this program, and how to start it again. */
export interface OwnProgram {
  /** The whole path of node. */
  readonly node: string;
  /** The whole path of the script, as it was started: it may be a link. */
  readonly script: string;
  /** Starts `usage` in a process that goes on if this one ends or is killed. */
  startRead(args: readonly string[]): Promise<BackgroundRead>;
}

export interface BackgroundRead {
  /** Undefined if it could not be started. */
  readonly pid: number | undefined;
  /** Resolves with its stdout when it has ended. */
  readonly output: Promise<string>;
}

export const ownProgram: OwnProgram = {
  node: process.execPath,
  script: process.argv[1] ?? '',
  async startRead(args) {
    const { spawn } = await import('node:child_process');
    const words = [...process.execArgv, ownProgram.script, 'usage', ...args];
    // A session of its own: a bar that ends, or ends what is slow, must not kill a refresh of the tokens.
    const child = spawn(process.execPath, words, {
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
      windowsHide: true,
    });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    const output = new Promise<string>((resolve) => {
      child.on('error', () => resolve(''));
      child.on('close', () => resolve(text));
    });
    return { pid: child.pid, output };
  },
};

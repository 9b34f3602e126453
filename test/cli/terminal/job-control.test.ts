import { expect, test } from 'vitest';
import { builtModule, startScript } from '../../support/processes/script-process.js';

/** Presses a key in raw mode, in which Windows sends no signal. Prints what the listeners get, then how the process ends. */
const pressing = (signal: string, listens: boolean): string => `
  import { jobControlOf } from '${builtModule('cli/terminal/process/job-control.js')}';
  process.on('exit', (code) => console.log('exit ' + code));
  if (${listens}) process.once('${signal}', (name) => console.log('listener ' + name));
  jobControlOf('win32').raise('${signal}');
  console.log('goes on');
`;

test.each([
  ['SIGINT', true, ['listener SIGINT', 'goes on', 'exit 0']],
  // A second Ctrl-C, or one without a listener.
  ['SIGINT', false, ['exit 130']],
  // Ctrl-Z suspends nothing.
  ['SIGTSTP', true, ['goes on', 'exit 0']],
  ['SIGTSTP', false, ['goes on', 'exit 0']],
])('on Windows %s of the keyboard, with a listener: %s', async (signal, listens, lines) => {
  const script = startScript(pressing(signal, listens));
  for (const line of lines) expect(await script.nextLine()).toBe(line);
  await expect(script.nextLine()).rejects.toThrow('has ended');
});

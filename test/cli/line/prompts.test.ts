import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { isInstalled, type LineFixture, withLine } from './fixture.js';

const run = promisify(execFile);
const page = readFileSync('src/cli/README.md', 'utf8');

/** Returns the recipe of the page. */
function recipe(language: string): string {
  const text = new RegExp(`^\`\`\`${language} prompt\\n(.*?)^\`\`\``, 'ms').exec(page)?.[1];
  if (text === undefined) throw new Error(`${language}: no recipe`);
  return text;
}

interface Prompt {
  readonly language: string;
  readonly program: string;
  /** The command that prints the prompt of a file with the recipe. */
  readonly command: (path: string) => readonly string[];
}

const prompts: readonly Prompt[] = [
  {
    language: 'bash',
    program: 'bash',
    command: (path) => ['-c', 'PS1="> "; . "$0"; printf %s "${PS1@P}"', path],
  },
  { language: 'zsh', program: 'zsh', command: (path) => ['-fc', '. "$0"; print -rP -- "$PROMPT"', path] },
  {
    language: 'fish',
    program: 'fish',
    command: (path) => ['-c', 'source $argv[1]; fish_right_prompt', path],
  },
  {
    language: 'tmux',
    program: 'tmux',
    // On the screen of another tmux, because it runs the commands of a status line only for a terminal.
    command: (path) => ['-S', `${path}.socket`, '-f', path, 'new-session', 'sleep 60'],
  },
  { language: 'toml', program: 'starship', command: () => ['module', 'custom.codex'] },
];

const [installed, missing] = [true, false].map((is) =>
  prompts.filter(({ program }) => isInstalled(program) === is),
) as [Prompt[], Prompt[]];
if (missing.length > 0) {
  process.stderr.write(`${missing.map(({ program }) => program).join(', ')}: not installed, so not tried\n`);
}

/** Returns the prompt. */
async function promptOf({ language, program, command }: Prompt, { bin, env }: LineFixture): Promise<string> {
  // A server of tmux still ends when the next one is started.
  const path = join(mkdtempSync(join(bin, 'prompt-')), 'recipe');
  writeFileSync(path, recipe(language));
  const options = { cwd: bin, env: { ...env, STARSHIP_CONFIG: path, TERM: 'xterm' } };
  if (program !== 'tmux') return (await run(program, command(path), options)).stdout;
  const tmux = async (...words: string[]): Promise<string> => (await run('tmux', words, options)).stdout;
  const outer = ['-S', `${path}.outer`, '-f', '/dev/null'];
  const inner = ['env -u TMUX tmux', ...command(path).map((word) => `'${word}'`)].join(' ');
  await tmux(...outer, 'new-session', '-d', '-x', '200', '-y', '5', inner);
  try {
    for (;;) {
      const screen = await tmux(...outer, 'capture-pane', '-p');
      const line = /5 h: .*/.exec(screen)?.[0];
      if (line !== undefined) return line;
      await pause(50);
    }
  } finally {
    // The other one ends with it, unless it has not started it yet.
    await tmux('-S', `${path}.socket`, 'kill-server').catch(() => tmux(...outer, 'kill-server'));
  }
}

test.each(installed)('the recipe for $program shows the line', (prompt) =>
  withLine({}, async (fixture) => {
    expect(await promptOf(prompt, fixture)).toContain('100%');
    expect(await promptOf(prompt, fixture)).toContain('100%');
    expect(await fixture.starts(1)).toBe(1);
  }),
);

test.each(installed)('the recipe for $program runs nothing that stands in the line', (prompt) =>
  withLine({}, async (fixture) => {
    await promptOf(prompt, fixture);
    const hostile = '5 h: $(touch injected) `touch injected` %n \\u #(touch injected)';
    const path = fixture.path();
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replace(/\n.*\nend/, () => `\n${hostile}\nend`),
    );
    expect(await promptOf(prompt, fixture)).toContain(
      // tmux expands the styles of a line, and runs nothing.
      hostile.replace(/ #.*/, ''),
    );
    expect(readdirSync(fixture.bin)).not.toContain('injected');
  }),
);

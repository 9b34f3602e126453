import { powerShellWord, shellWord } from '../terminal/shell-word.js';

/** Returns the lines that set variables in a shell. On Windows each kind of shell has one, after a line with its name. */
export function settingLines(
  variables: Readonly<Record<string, string>>,
  platform: NodeJS.Platform,
): readonly string[] {
  const pairs = Object.entries(variables);
  const exportLine = `export ${pairs.map(([name, value]) => `${name}=${shellWord(value)}`).join(' ')}`;
  if (platform !== 'win32') return [exportLine];
  return [
    'PowerShell:',
    pairs.map(([name, value]) => `$env:${name}=${powerShellWord(value)}`).join('; '),
    'cmd:',
    pairs.map(([name, value]) => `set "${name}=${value}"`).join(' & '),
    'A Unix shell, such as Git Bash:',
    exportLine,
  ];
}

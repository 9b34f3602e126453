import { expect, test } from 'vitest';
import { completionScripts } from '../../../src/cli/completion/scripts.js';
import { completedCommands } from '../../../src/cli/completion/words.js';

const script = completionScripts.powershell();

/** Returns the names in the table that follows a text, in their order. */
function namesAfter(start: string): string[] {
  const [, table = ''] = new RegExp(`${start} = \\[ordered\\]@\\{\\n(.*?)\\n *\\}`, 's').exec(script) ?? [];
  return [...table.matchAll(/^ +'([^']+)' = '[^']+'$/gm)].map(([, name = '']) => name);
}

test('the script for PowerShell is registered for both programs', () => {
  expect(script).toContain(
    '\nRegister-ArgumentCompleter -Native -CommandName codex-account-server, codex-account-line -ScriptBlock {\n',
  );
});

test('the script for PowerShell has all commands', () => {
  expect(namesAfter('\\$commands')).toEqual(completedCommands.map(({ name }) => name));
});

test.each(completedCommands)(
  'the script for PowerShell has the words and options of $name',
  ({ name, words = [], options }) => {
    expect(namesAfter(`'${name}'`)).toEqual([...words, ...options.map((option) => option.name)]);
    for (const option of options) {
      if (option.values?.length) expect(namesAfter(`'${name} ${option.name}'`)).toEqual(option.values);
      else if (option.values) expect(script).toContain(`'${name} ${option.name}' = [ordered]@{}\n`);
    }
  },
);

test('the brackets of the script for PowerShell are balanced, also without its texts', () => {
  const open: string[] = [];
  const pairs: Readonly<Record<string, string>> = { '}': '{', ')': '(', ']': '[' };
  for (const [bracket] of script.replaceAll(/'[^']*'/g, '').matchAll(/[{}()[\]]/g)) {
    const opened = pairs[bracket];
    if (opened === undefined) open.push(bracket);
    else expect(open.pop()).toBe(opened);
  }
  expect(open).toEqual([]);
});

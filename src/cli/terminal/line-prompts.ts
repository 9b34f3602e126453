import { createInterface } from 'node:readline/promises';
import { withoutJoints, wrapped } from './wrapped-text.js';
import type { PromptContext, Prompts } from './prompts.js';

/** Asks line by line, for terminals without escape sequences (`TERM=dumb`). */
export function createLinePrompts({ input, output, signal, textStyle }: PromptContext): Prompts {
  function show(lines: readonly string[]): void {
    for (const line of lines) output.write(`${line}\n`);
  }

  /** Resolves with the answer; undefined at the end of the input, or if the signal is aborted. */
  async function ask(question: string): Promise<string | undefined> {
    const reader = createInterface({ input, output, terminal: false });
    const closed = new Promise<undefined>((resolve) => reader.once('close', () => resolve(undefined)));
    try {
      return await Promise.race([reader.question(question, { signal }), closed]);
    } catch {
      return undefined;
    } finally {
      reader.close();
    }
  }

  return {
    columns: textStyle.columns,
    open: (title) => show([title, '']),
    show: (lines) => show([...lines, '']),
    close: show,
    async choose(question, choices) {
      const labels = choices.map(({ label, isDisabled }, index) => ({
        first: isDisabled ? '  -  ' : `${index + 1}.`.padStart(4).padEnd(5),
        label,
      }));
      show([
        ...wrapped(question, textStyle.columns),
        ...labels
          .flatMap(({ first, label }) => wrapped(label, textStyle.columns, { first, next: '     ' }))
          .map(withoutJoints),
      ]);
      for (;;) {
        const answer = await ask('Number: ');
        if (answer === undefined) return undefined;
        const chosen = /^\d+$/.test(answer.trim()) ? choices[Number(answer) - 1] : undefined;
        if (chosen && !chosen.isDisabled) return chosen.value;
      }
    },
    async confirm(question) {
      const answer = await ask(`${question} (yes or no) [no]: `);
      return answer !== undefined && /^y(es)?$/i.test(answer.trim());
    },
  };
}

import type { Answer } from './attempts.js';

export interface AnswerTable {
  /** Counts one answer, with the faults of its exchanges in their order. */
  count(struck: readonly string[], answer: Answer): void;
  /** Formats a row for each last fault before an answer. */
  text(): string;
}

const columns: readonly Answer[] = ['reset', 'alreadyRedeemed', 'noCredit', 'unclear', 'refused'];

export function createTable(): AnswerTable {
  const rows = new Map<string, { faults: number; answers: Map<Answer, number> }>();
  const rowOf = (name: string) => {
    const row = rows.get(name) ?? { faults: 0, answers: new Map<Answer, number>() };
    rows.set(name, row);
    return row;
  };
  return {
    count(struck, answer) {
      for (const name of struck) rowOf(name).faults += 1;
      const { answers } = rowOf(struck.at(-1) ?? 'none, or those of the answer before that it shares');
      answers.set(answer, (answers.get(answer) ?? 0) + 1);
    },
    text() {
      const lines = [...rows].sort().map(([name, { faults, answers }]) => {
        const cells = columns.map((column) => answers.get(column) ?? 0);
        return `| ${[name, faults, ...cells].join(' | ')} |`;
      });
      return [
        `| last fault before the answer | struck | ${columns.join(' | ')} |`,
        `| --- | --: |${' --: |'.repeat(columns.length)}`,
        ...lines,
      ].join('\n');
    },
  };
}

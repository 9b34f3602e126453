import { plainText } from '../../terminal/plain-text.js';
import type { RenderContext } from '../../terminal/text-style.js';
import { wrapped } from '../../terminal/wrapped-text.js';
import { checkGate, type Gate } from '../gate/gate.js';
import { gateLines } from '../gate/gate-lines.js';
import { reportNow } from '../output.js';
import type { HomeGroup } from './groups.js';

/** Renders what `--need` has found for each group, below its label. */
export function homesGateLines(groups: readonly HomeGroup[], gate: Gate, context: RenderContext): string[] {
  const { columns } = context.textStyle;
  return groups.flatMap(({ names, state }) => {
    const label = names.map((name) => name.label).join(', ');
    const report = reportNow(state, context.nowMs);
    const checked = checkGate(state, gate, context.nowMs);
    const lines =
      checked && report ? gateLines(checked, report, context) : [state.failure?.error.message ?? ''];
    const text = (line: string): string => plainText(line, context.textStyle);
    return [
      ...wrapped(`${text(label)}:`, columns),
      ...(checked ? lines : lines.flatMap((line) => wrapped(text(line), columns))),
    ];
  });
}

import type { UsageHomesOutput } from '../../../protocol/schema/reports/usage-homes.js';
import { safeJson, safeLine } from '../../../util/text/safe-text.js';
import type { OfflineIo } from '../../io.js';
import { print } from '../../terminal/print.js';
import { type RenderContext, textStyleFor } from '../../terminal/text-style.js';
import type { UsageChoice } from '../arguments.js';
import type { UsageOutput } from '../output-choice.js';
import { checkGate, failOpenWarning, gateReport, type Gate } from '../gate/gate.js';
import { reportNow } from '../output.js';
import { missingLimitText } from '../presentation.js';
import { type GroupedHome, type HomeGroup, homesExitCode } from './groups.js';

/** Shows all homes once. Resolves with the exit code. @throws Error if the output cannot be written */
export async function showHomes(
  groups: readonly HomeGroup[],
  { output, gate }: Pick<UsageChoice, 'output' | 'gate'>,
  { stdout, stderr, env, clock }: Pick<OfflineIo, 'stdout' | 'stderr' | 'env' | 'clock'>,
): Promise<number> {
  const nowMs = clock.nowMs();
  const context = { nowMs, textStyle: textStyleFor(stdout, env), isAlone: groups.length === 1, gate };
  await print(stdout, await homesText(groups, output, context, 2));
  if (output.kind === 'format') {
    for (const { names, state } of groups) {
      const missing = missingLimitText(reportNow(state, nowMs), output.presentation);
      const text = state.failure?.error.message ?? missing;
      if (text !== undefined) await print(stderr, `${safeLine(`${names[0].label}: ${text}`)}\n`);
    }
  }
  for (const { names, state } of groups) {
    const warning = gate && failOpenWarning(state, gate, nowMs);
    if (warning !== undefined) await print(stderr, `${safeLine(`${names[0].label}: ${warning}`)}\n`);
  }
  return homesExitCode(groups, nowMs, { output, gate });
}

/**
 * Resolves with the text for stdout: a view, JSON, or one line for each home in the order of the arguments.
 *
 * @param context `isAlone`: whether there are no other groups
 * @param indent the spaces of JSON
 */
export async function homesText(
  groups: readonly HomeGroup[],
  output: UsageOutput,
  context: RenderContext & { readonly isAlone: boolean; readonly gate?: Gate | undefined },
  indent: number,
): Promise<string> {
  switch (output.kind) {
    case 'json':
      return `${safeJson(homesReport(groups, context), indent)}\n`;
    case 'format':
      return inOrder(groups)
        .map(({ name, group: { state } }) => {
          const report = reportNow(state, context.nowMs);
          const { failure } = state;
          return `${output.format.write({ ...context, report, failure, home: name.label })}\n`;
        })
        .join('');
    case 'preset':
      throw new Error('a preset is for one home');
    case 'view': {
      if (context.gate) {
        const { homesGateLines } = await import('./gate-lines.js');
        return `${homesGateLines(groups, context.gate, context).join('\n')}\n`;
      }
      const { homesView } = await import('./view.js');
      return `${homesView(groups, { ...context, presentation: output.presentation }).join('\n')}\n`;
    }
  }
}

/** Describes the homes in the shape of `usage --home … --json`. A home that has not been read yet is left out. */
function homesReport(
  groups: readonly HomeGroup[],
  { nowMs, gate }: { readonly nowMs: number; readonly gate?: Gate | undefined },
): UsageHomesOutput {
  return {
    version: 1,
    accounts: inOrder(groups).flatMap(({ name: { path, label, same }, group: { names, state } }) => {
      const result = state.failure ?? reportNow(state, nowMs);
      const sameAs = same === null ? null : names[0].path;
      const checked = gate && checkGate(state, gate, nowMs);
      return result
        ? [{ home: path, label, sameAs, ...result, ...(checked && { gate: gateReport(checked) }) }]
        : [];
    }),
  };
}

function inOrder(groups: readonly HomeGroup[]): { readonly name: GroupedHome; readonly group: HomeGroup }[] {
  return groups
    .flatMap((group) => group.names.map((name) => ({ name, group })))
    .toSorted((one, other) => one.name.position - other.name.position);
}

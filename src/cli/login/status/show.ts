import type { LoginStatus } from '../../../auth/create-auth.js';
import type { LoginStatusReport } from '../../../protocol/schema/reports/login-status-report.js';
import type { Clock } from '../../../util/clock.js';
import { safeJson } from '../../../util/text/safe-text.js';
import { print, type TextOutput } from '../../terminal/print.js';
import { textStyleFor } from '../../terminal/text-style.js';
import { loginReport, type StatusError } from './report.js';

export interface StatusOutput {
  readonly stdout: TextOutput & { readonly isTTY?: boolean; readonly columns?: number };
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
}

/** Prints the details of a login on stdout, as text or as JSON. @throws Error if the output cannot be written */
export async function showDetails(
  status: LoginStatus,
  { isJson, check = null, error }: Shown,
  { stdout, env, clock }: StatusOutput,
): Promise<void> {
  const report = loginReport(status, check, error);
  if (isJson) {
    await print(stdout, `${safeJson(report, 2)}\n`);
    return;
  }
  const { statusView } = await import('./view.js');
  const lines = statusView(report, { nowMs: clock.nowMs(), textStyle: textStyleFor(stdout, env) });
  await print(stdout, lines.map((line) => `${line}\n`).join(''));
}

interface Shown {
  readonly isJson: boolean;
  readonly check?: LoginStatusReport['check'];
  readonly error?: StatusError | undefined;
}

import type { UsageFailure } from '../../../protocol/schema/reports/usage-report.js';
import { safeLine } from '../../../util/text/safe-text.js';
import { usageFailure } from '../failure.js';
import { commandPrefix, type NamedHome } from './named.js';

/** Describes a failed read as `usageFailure` does. Commands to type are with this home. */
export function homeFailure(error: unknown, home: NamedHome, failedAtMs: number): UsageFailure {
  const failure = usageFailure(error, failedAtMs);
  const message = failure.error.message.replace(
    /codex-account-server (login|usage)/,
    (command) => commandPrefix(home) + command,
  );
  return { ...failure, error: { ...failure.error, message: safeLine(message) } };
}

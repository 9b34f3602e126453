import type { Clock } from '../../util/clock.js';
import { AppError } from '../../util/errors.js';
import { withOwnServices } from './own-services.js';

/**
 * Resolves with the reason why the stored login cannot be used; undefined if there is none, or nothing is stored. Only
 * the issuer of a personal access token is asked.
 */
export async function readLoginProblem(
  environment: NodeJS.ProcessEnv,
  clock: Clock,
): Promise<string | undefined> {
  const options = { environment, clock, random: Math.random, writeLog: () => undefined };
  try {
    await withOwnServices(options, async ({ auth }) => {
      await auth.session.knownAccount('');
      await auth.readStatus();
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof AppError)) return undefined;
    if (error.cause instanceof Error) return error.cause.message;
    return error.kind === 'loginFailed' ? error.message : undefined;
  }
}

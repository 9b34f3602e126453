import type { UpstreamCommand } from '../../front/child.js';

/** The program that `--upstream` names, and how it is started; or why it cannot be. */
export type ResolvedUpstream =
  | ({ readonly kind: 'found' } & Pick<UpstreamCommand, 'path' | 'environment'>)
  | { readonly kind: 'refused'; readonly message: string };

/** The variable in which a program that we start finds the id of our process. */
const startedByVariable = 'CODEX_ACCOUNT_SERVER_STARTED_BY';

/**
 * Resolves the value of `--upstream`, or of CODEX_ACCOUNT_SERVER_UPSTREAM. A program that we have started as the upstream
 * uses none itself: it would start one more of itself, and so on.
 *
 * @param given a path
 */
export function resolveUpstream(
  given: string,
  environment: NodeJS.ProcessEnv,
  { pid, ppid }: { readonly pid: number; readonly ppid: number },
): ResolvedUpstream {
  if (given === '') return { kind: 'refused', message: '--upstream needs the path of a codex program' };
  if (environment[startedByVariable] === `${ppid}`) {
    return { kind: 'refused', message: '--upstream names codex-account-server itself, not the real codex' };
  }
  return { kind: 'found', path: given, environment: { ...environment, [startedByVariable]: `${pid}` } };
}

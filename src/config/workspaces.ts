import type { Settings } from './settings.js';

/** The accounts that settings allow. */
export interface AllowedWorkspaces {
  readonly ids: readonly string[];
  /** The key that decides: that of the administrator if it is the stricter one. */
  readonly key: 'allowed_chatgpt_workspaces' | 'forced_chatgpt_workspace_id';
}

/** Returns the accounts that the settings allow; undefined: any. */
export function allowedWorkspaces({ values }: Settings): AllowedWorkspaces | undefined {
  const { forced_chatgpt_workspace_id: own = [], allowed_chatgpt_workspaces: required } = values;
  const forced = cleaned(typeof own === 'string' ? [own] : own);
  if (required === undefined) {
    // Without an id it restricts nothing. An empty list of requirements allows none.
    return forced.length === 0 ? undefined : { ids: forced, key: 'forced_chatgpt_workspace_id' };
  }
  const allowed = cleaned(required);
  const ids = forced.length === 0 ? allowed : forced.filter((id) => allowed.includes(id));
  return { ids, key: 'allowed_chatgpt_workspaces' };
}

function cleaned(ids: readonly string[]): string[] {
  return ids.map((id) => id.trim()).filter((id) => id !== '');
}

import type { RecordedRequest, Reply } from '../http/exchange.js';
import { devIdentity } from '../identity.js';
import { bearerOf } from '../http/request-fields.js';
import { refusal } from '../http/route.js';

/** Returns the account of a personal access token. Accepts any token that starts with `at-`. */
export function answerWhoami(request: RecordedRequest): Reply {
  if (!isPersonalToken(bearerOf(request) ?? '')) return refusal(401, 'Unauthorized');
  return {
    body: {
      email: devIdentity.email,
      chatgpt_user_id: devIdentity.userId,
      chatgpt_account_id: devIdentity.accountId,
      chatgpt_plan_type: devIdentity.plan,
      chatgpt_account_is_fedramp: false,
    },
  };
}

export function isPersonalToken(token: string): boolean {
  return /^at-./.test(token);
}

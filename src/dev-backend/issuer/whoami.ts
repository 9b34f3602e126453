import type { RecordedRequest, Reply } from '../http/exchange.js';
import { bearerOf } from '../http/request-fields.js';
import { refusal, type RequestContext } from '../http/route.js';

/** Returns the account of a personal access token. Accepts any token that starts with `at-`. */
export function answerWhoami(request: RecordedRequest, { issuer }: RequestContext): Reply {
  if (!isPersonalToken(bearerOf(request) ?? '')) return refusal(401, 'Unauthorized');
  const { email, userId, accountId, plan } = issuer.ledger.identity;
  return {
    body: {
      email,
      chatgpt_user_id: userId,
      chatgpt_account_id: accountId,
      chatgpt_plan_type: plan,
      chatgpt_account_is_fedramp: false,
    },
  };
}

export function isPersonalToken(token: string): boolean {
  return /^at-./.test(token);
}

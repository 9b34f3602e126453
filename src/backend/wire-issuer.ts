import * as z from 'zod/mini';
import { orNull } from './wire-values.js';

const token = z.pipe(
  z.nullish(z.string()),
  z.transform((text) => text ?? undefined),
);

/** The reply to a refresh; auth.md 5. A token that is absent or null stays as it is. */
export const WireRenewedTokens = z.object({
  id_token: z.optional(token),
  access_token: z.optional(token),
  refresh_token: z.optional(token),
});
export type WireRenewedTokens = z.infer<typeof WireRenewedTokens>;

/** The three places in which a refusal may name its code. */
export const WireRefreshError = z.object({
  error: orNull(z.union([z.string(), z.object({ code: orNull(z.string()) })])),
  code: orNull(z.string()),
});

/** The reply to an authorization code; auth.md 6. */
export const WireIssuedTokens = z.object({
  id_token: z.string(),
  access_token: z.string(),
  refresh_token: z.string(),
});

/** The reply to an id token that is exchanged for an API key. */
export const WireApiKey = z.object({ access_token: z.string() });

/** What a token endpoint says of a refusal: as OAuth has it, or in an envelope of its own. */
export const WireTokenRefusal = z.object({
  error: orNull(z.union([z.string(), z.object({ message: orNull(z.string()), code: orNull(z.string()) })])),
  error_description: orNull(z.string()),
});

/** A text of whole seconds, blanks around it allowed; a number is refused, as the reference does. */
const seconds = z.pipe(z.string().check(z.trim(), z.regex(/^\+?\d+$/)), z.transform(Number));

const deviceCode = { device_auth_id: z.string(), interval: z._default(seconds, 0) };

/** The reply to `POST …/deviceauth/usercode`, whose code has one of two names; auth.md 6. */
export const WireDeviceCode = z.union([
  z.object({ ...deviceCode, user_code: z.string() }),
  z.pipe(
    z.object({ ...deviceCode, usercode: z.string() }),
    z.transform(({ usercode, ...rest }) => ({ ...rest, user_code: usercode })),
  ),
]);

/** The reply to `POST …/deviceauth/token` once the person has agreed. */
export const WireDeviceGrant = z.object({
  authorization_code: z.string(),
  code_challenge: z.string(),
  code_verifier: z.string(),
});

/** Whom a personal access token is of. */
export const WireWhoami = z.object({
  email: orNull(z.string()),
  chatgpt_user_id: z.string(),
  chatgpt_account_id: z.string(),
  chatgpt_plan_type: z.string(),
  chatgpt_account_is_fedramp: z.boolean(),
});
export type WireWhoami = z.infer<typeof WireWhoami>;

/** The reply to `GET …/accounts/check`; auth.md 4. */
export const WireAccountsCheck = z.object({
  accounts: z.array(
    z.object({
      id: z.string(),
      workspace_backend_origin: orNull(z.string()),
      account_routing_override: orNull(z.string()),
      name: orNull(z.string()),
    }),
  ),
});
export type WireAccountsCheck = z.infer<typeof WireAccountsCheck>;

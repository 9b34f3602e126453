import {
  checked,
  either,
  flag,
  mapped,
  nullable,
  object,
  optional,
  type Read,
  text,
} from '../../util/json/reading.js';
import { orNull } from '../request/wire-values.js';

const token = mapped(nullable(text), (given) => given ?? undefined);

/** The reply to a refresh. A token that is absent or null stays as it is. */
export const WireRenewedTokens = object({
  id_token: token,
  access_token: token,
  refresh_token: token,
});
export type WireRenewedTokens = Read<typeof WireRenewedTokens>;

/** The three members in which a refusal may name its code. */
export const WireRefreshError = object({
  error: orNull(either(text, object({ code: orNull(text) }))),
  code: orNull(text),
});

/** The reply to an authorization code. */
export const WireIssuedTokens = object({
  id_token: text,
  access_token: text,
  refresh_token: text,
});

/** The reply to an id token that is exchanged for an API key. */
export const WireApiKey = object({ access_token: text });

/** The refusal of a token endpoint: as in OAuth, or with an object as its `error`. */
export const WireTokenRefusal = object({
  error: orNull(either(text, object({ message: orNull(text), code: orNull(text) }))),
  error_description: orNull(text),
});

/** Whole seconds as text, with or without blanks around it; a number is refused, as in the reference. */
const seconds = mapped(
  checked(text, (digits) => /^\+?\d+$/.test(digits.trim())),
  Number,
);

const deviceCode = { device_auth_id: text, interval: mapped(optional(seconds), (given = 0) => given) };

/** The reply to `POST …/deviceauth/usercode`. Its code has one of two names. */
export const WireDeviceCode = either(
  object({ ...deviceCode, user_code: text }),
  mapped(object({ ...deviceCode, usercode: text }), ({ usercode, ...rest }) => ({
    ...rest,
    user_code: usercode,
  })),
);

/** The reply to `POST …/deviceauth/token` once the person has agreed. */
export const WireDeviceGrant = object({
  authorization_code: text,
  code_challenge: text,
  code_verifier: text,
});

/** The owner of a personal access token. */
export const WireWhoami = object({
  email: orNull(text),
  chatgpt_user_id: text,
  chatgpt_account_id: text,
  chatgpt_plan_type: text,
  chatgpt_account_is_fedramp: flag,
});
export type WireWhoami = Read<typeof WireWhoami>;

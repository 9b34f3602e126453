import { readdirSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import type { ConsumeAccountRateLimitResetCreditResponse } from '../../../schema/typescript/ConsumeAccountRateLimitResetCreditResponse.js';
import type { GetAccountRateLimitsResponse } from '../../../schema/typescript/GetAccountRateLimitsResponse.js';

// A client outside this project has only schema/: the JSON Schema to check results, and the types to read them.

/** The files refer to each other by relative paths. */
const base = 'file:///schema/json/';

function validator(typeName: string): (value: unknown) => boolean {
  const ajv = new Ajv({ strictTypes: true, formats: { int32: true, int64: true } });
  for (const file of readdirSync('schema/json')) {
    ajv.addSchema(JSON.parse(readFileSync(`schema/json/${file}`, 'utf8')) as object, base + file);
  }
  return (value) => ajv.validate(`${base}${typeName}.json`, value);
}

function fixture(): GetAccountRateLimitsResponse {
  const text = readFileSync('test/compat/schema/fixtures/rate-limits-response.json', 'utf8');
  return JSON.parse(text) as GetAccountRateLimitsResponse;
}

test('a response in the fixture of a terminal client fits the JSON Schema', () => {
  expect(validator('GetAccountRateLimitsResponse')(fixture())).toBe(true);
});

test('a nullable member may be missing, as in responses of older servers', () => {
  const { rateLimits } = fixture();
  expect(validator('GetAccountRateLimitsResponse')({ rateLimits })).toBe(true);
});

test('members of a later version are allowed', () => {
  expect(validator('GetAccountRateLimitsResponse')({ ...fixture(), later: 1 })).toBe(true);
});

test.each([
  ['no rateLimits', { rateLimits: undefined }],
  ['a percentage with a fraction', { rateLimits: { primary: { usedPercent: 1.5 } } }],
  ['a count as text', { rateLimitResetCredits: { availableCount: '2' } }],
  ['a plan that the protocol does not know', { rateLimits: { planType: 'gold' } }],
])('%s does not fit', (_, change) => {
  const changed = JSON.parse(JSON.stringify({ ...fixture(), ...change })) as unknown;
  expect(validator('GetAccountRateLimitsResponse')(changed)).toBe(false);
});

test('the generated types contain the outcomes and the nullable members', () => {
  const isSpent: Record<ConsumeAccountRateLimitResetCreditResponse['outcome'], boolean> = {
    reset: true,
    nothingToReset: false,
    noCredit: false,
    alreadyRedeemed: true,
  };
  const soonest: number | null | undefined = fixture().rateLimitResetCredits?.credits?.[0]?.expiresAt;
  expect({ isSpent: isSpent.alreadyRedeemed, soonest }).toEqual({ isSpent: true, soonest: 1769904000 });
});

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { clientMethodSchemas, methodSchemas } from '../../../src/protocol/schema/method-schemas.js';
import { notifications } from '../../../src/protocol/schema/notifications.js';

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
}

const requests: Readonly<Record<string, { readonly params: z.ZodMiniType; readonly result: z.ZodMiniType }>> =
  {
    ...methodSchemas,
    ...clientMethodSchemas,
  };

const examples = examplesIn(readFileSync('schema/README.md', 'utf8'));
const asked = examples.filter(({ id, method }) => id !== undefined && method !== undefined);
const notified = examples.filter(({ id, method }) => id === undefined && method !== undefined);

test('schema/README.md has an example of every request and notification', () => {
  expect(asked.map(({ method }) => method).sort()).toEqual(Object.keys(requests).sort());
  expect(notified.map(({ method }) => method).sort()).toEqual(Object.keys(notifications).sort());
});

test.each(asked)('the example of $method in schema/README.md fits its types', (request) => {
  const answer = examples[examples.indexOf(request) + 1];
  const { params, result } = requests[request.method ?? ''] ?? {};
  expect(answer?.id).toBe(request.id);
  expect(z.parse(params ?? z.never(), request.params ?? {})).toEqual(request.params ?? {});
  expect(z.parse(result ?? z.never(), answer?.result)).toEqual(answer?.result);
});

test.each(notified)('the example of $method in schema/README.md fits its type', ({ method, params }) => {
  const schemas: Readonly<Record<string, z.ZodMiniType>> = notifications;
  expect(z.parse(schemas[method ?? ''] ?? z.never(), params)).toEqual(params);
});

function examplesIn(page: string): Message[] {
  return [...page.matchAll(/^```json\n(.*?)^```/gms)].map(([, text = '']) => JSON.parse(text) as Message);
}

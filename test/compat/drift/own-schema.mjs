import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import * as z from 'zod/mini';
import { clientMethodSchemas, methodSchemas } from '../../../.build/protocol/schema/method-schemas.js';
import { methods } from '../../../.build/protocol/methods.js';
import { notifications } from '../../../.build/protocol/schema/notifications.js';

/** Reads our types from `schema/`, and our methods. */
export function readOwnSchema() {
  return {
    types: Object.fromEntries(
      readdirSync('schema/json').map((file) => [
        basename(file, '.json'),
        JSON.parse(readFileSync(`schema/json/${file}`, 'utf8'), (_key, value) => withFormat(value)),
      ]),
    ),
    methods: {
      ...mapped(methodSchemas, ({ params }, method) => ({
        direction: 'request',
        params: methods[method].paramsOptional
          ? { anyOf: [paramsSchema(params), { type: 'null' }] }
          : paramsSchema(params),
      })),
      ...mapped(clientMethodSchemas, ({ params }) => ({
        direction: 'request of the server',
        params: paramsSchema(params),
      })),
      ...mapped(notifications, (params) => ({ direction: 'notification', params: paramsSchema(params) })),
    },
  };
}

function mapped(table, change) {
  return Object.fromEntries(Object.entries(table).map(([name, value]) => [name, change(value, name)]));
}

/** Params without a type name belong to a method without params. */
function paramsSchema(params) {
  const name = z.globalRegistry.get(params)?.id;
  return name === undefined ? { type: 'null' } : { $ref: name };
}

/** Adds the formats of codex to our integers, whose size `schema/` states as a range. */
function withFormat(value) {
  if (value?.type !== 'integer' || value.const !== undefined) return value;
  return { ...value, format: value.maximum === undefined ? 'int64' : 'int32' };
}

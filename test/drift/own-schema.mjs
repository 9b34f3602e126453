import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import * as z from 'zod/mini';
import { clientMethods } from '../../dist/protocol/client-methods.js';
import { methods } from '../../dist/protocol/methods.js';
import { notifications } from '../../dist/protocol/notifications.js';

/** Our types as `schema/` has them, and our methods. */
export function readOwnSchema() {
  return {
    types: Object.fromEntries(
      readdirSync('schema/json').map((file) => [
        basename(file, '.json'),
        JSON.parse(readFileSync(`schema/json/${file}`, 'utf8')),
      ]),
    ),
    methods: {
      ...mapped(methods, ({ params, paramsOptional }) => ({
        direction: 'request',
        params: paramsOptional ? { anyOf: [paramsSchema(params), { type: 'null' }] } : paramsSchema(params),
      })),
      ...mapped(clientMethods, ({ params }) => ({
        direction: 'request of the server',
        params: paramsSchema(params),
      })),
      ...mapped(notifications, (params) => ({ direction: 'notification', params: paramsSchema(params) })),
    },
  };
}

function mapped(table, change) {
  return Object.fromEntries(Object.entries(table).map(([name, value]) => [name, change(value)]));
}

/** Params without a name are those of a method that takes none. */
function paramsSchema(params) {
  const name = z.globalRegistry.get(params)?.id;
  return name === undefined ? { type: 'null' } : { $ref: name };
}

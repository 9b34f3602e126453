import { compile } from 'json-schema-to-typescript';
import * as z from 'zod/mini';
// Imported for their registrations: the named types of errors and of command output.
import '../schema/envelope.js';
import '../schema/reports/login-status-report.js';
import '../schema/reports/usage-event.js';
import '../schema/reports/usage-homes.js';
import '../schema/reports/token-usage-report.js';
import '../schema/reports/redeem-evidence.js';
import '../schema/reports/redeem-report.js';
import '../schema/reports/redeem-rules.js';
import '../schema/reports/usage-history.js';
import '../schema/reports/usage-report.js';
import { clientMethodSchemas, methodSchemas } from '../schema/method-schemas.js';
import {
  banner,
  isAnyJson,
  renderJson,
  renderWholeSchema,
  type Schema,
  type Schemas,
  wholeSchemaPath,
} from './render-json.js';
import { notifications } from '../schema/notifications.js';

/** The file with the types of the client library, which does not load zod. */
export const clientTypesPath = 'src/client/protocol.ts';

/** Returns path and text of every file of `schema/`, and of the client's types. */
export async function renderSchema(): Promise<Map<string, string>> {
  const { schemas } = z.toJSONSchema(z.globalRegistry, {
    target: 'draft-7',
    io: 'input',
    uri: (id) => `./${id}.json`,
  }) as unknown as { schemas: Schemas };
  const files = new Map<string, string>();
  const declarations: string[] = [];
  for (const name of Object.keys(schemas)) {
    const declaration = await declarationOf(name, schemas);
    declarations.push(declaration);
    files.set(`schema/json/${name}.json`, renderJson(name, schemas));
    files.set(`schema/typescript/${name}.ts`, `// ${banner}\n${importsOf(name, schemas)}${declaration}`);
  }
  files.set(wholeSchemaPath, renderWholeSchema(schemas));
  files.set(clientTypesPath, `// ${banner}\n\n${[...declarations, ...methodMaps()].join('\n')}`);
  return files;
}

/** Returns the TypeScript declaration of one type. It refers to other types by name. */
async function declarationOf(name: string, schemas: Schemas): Promise<string> {
  const definitions = Object.fromEntries(
    Object.entries(schemas).map(([key, schema]) => [key, forTypeScript(schema)]),
  );
  const declaration = await compile({ ...definitions[name], definitions }, name, {
    additionalProperties: false,
    bannerComment: '',
    declareExternallyReferenced: false,
    style: { singleQuote: true, printWidth: 110, trailingComma: 'all' },
  });
  return declaration.trimStart();
}

function importsOf(name: string, schemas: Schemas): string {
  const lines = Object.keys(schemas)
    .filter((other) => other !== name && JSON.stringify(schemas[name]).includes(`"./${other}.json"`))
    .map((other) => `import type { ${other} } from './${other}.js';\n`);
  return lines.length > 0 ? `${lines.join('')}\n` : '';
}

/**
 * Prepares a schema for json-schema-to-typescript: with references inside one document, `unknown` for any JSON value,
 * and the descriptions of enum values, which it would drop.
 */
function forTypeScript({ $id: _, $schema: __, ...schema }: Schema): Schema {
  const local = JSON.parse(
    JSON.stringify(schema).replaceAll(/"\.\/(\w+)\.json"/g, '"#/definitions/$1"'),
  ) as Schema;
  for (const member of Object.values(local.properties ?? {})) {
    if (isAnyJson(member)) member.tsType = 'unknown';
  }
  const variants = (local.anyOf ?? []).filter((variant) => variant.description !== undefined);
  const lines = variants.map(({ const: value, description }) => `- \`${String(value)}\`: ${description}`);
  return { ...local, description: [local.description, ...lines].join('\n') };
}

/** Returns the interfaces that map each method to its types. */
function methodMaps(): string[] {
  const pairs = Object.entries(methodSchemas).map(([name, { params, result }]) =>
    pairOf(name, params, result),
  );
  const clientPairs = Object.entries(clientMethodSchemas).map(([name, { params, result }]) =>
    pairOf(name, params, result),
  );
  const notificationLines = Object.entries(notifications).map(
    ([name, params]) => `  '${name}': ${typeName(params)};\n`,
  );
  return [
    `/** Every request that a client can send. */\nexport interface Methods {\n${pairs.join('')}}\n`,
    `/** Every request that the server can send to a client. */\nexport interface ClientMethods {\n${clientPairs.join('')}}\n`,
    `/** Every notification that the server can send to a client. */\nexport interface Notifications {\n${notificationLines.join('')}}\n`,
  ];
}

function pairOf(name: string, params: z.ZodMiniType, result: z.ZodMiniType): string {
  return `  '${name}': { params: ${typeName(params)}; result: ${typeName(result)} };\n`;
}

function typeName(schema: z.ZodMiniType): string {
  const { id } = z.globalRegistry.get(schema) ?? {};
  return typeof id === 'string' ? id : 'Record<string, never>';
}

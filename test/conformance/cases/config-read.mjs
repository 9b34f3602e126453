import fs from 'node:fs';
import path from 'node:path';

/** The members of the settings that this server uses, and one that it only passes on. */
const used = [
  ...['chatgpt_base_url', 'cli_auth_credentials_store', 'forced_login_method', 'forced_chatgpt_workspace_id'],
  ...['model', 'model_provider'],
];

const shown = ({ config, ...rest }) => ({
  config: Object.fromEntries(used.map((name) => [name, config[name]])),
  ...rest,
});

export default [
  {
    name: 'config/read without a file shows defaults, also without a login',
    promise: 'config/read: also if no one is signed in',
    login: 'none',
    run: async ({ open, home }) => {
      fs.rmSync(path.join(home, 'config.toml'));
      const server = await open();
      return shown(await server.ask('config/read', { includeLayers: true, cwd: null }));
    },
  },
  {
    name: 'config/read names the layer of each value, and its version',
    promise: 'config/read: `origins` names the layer that each value comes from',
    // The hash must not contain the address of the backend.
    config: () =>
      'model = "m"\nchatgpt_base_url = "https://b.example/"\nforced_chatgpt_workspace_id = ["a", "b"]\n',
    run: async ({ open }) => {
      const server = await open({ after: ['-c', 'model="n"', '-c', 'forced_login_method=chatgpt'] });
      return shown(await server.ask('config/read', {}));
    },
  },
  {
    name: 'config/read with a file that cannot be used is an error that names it',
    promise: 'config/read: While a file cannot be used, the answer is the error `configInvalid`',
    departure: 'D14, D36',
    config: () => 'model = [\n',
    run: async ({ open }) => {
      const server = await open();
      return [await server.ask('config/read', {}), await server.ask('config/read', { includeLayers: null })];
    },
  },
];

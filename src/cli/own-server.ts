import { type Connection, connectToServer } from '../client/connection.js';
import { packageVersion } from '../protocol/version.js';

/**
 * Runs `act` on a server of our own, which has been initialized, and ends it again. Ctrl-C does not reach that server:
 * who runs it decides what is given up.
 */
export async function withOwnServer<T>(
  environment: NodeJS.ProcessEnv,
  act: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = connectToServer({
    command: process.execPath,
    args: [process.argv[1] ?? '', 'app-server'],
    environment,
    isDetached: true,
  });
  try {
    const clientInfo = {
      name: 'codex-account-server',
      title: 'Codex account server',
      version: packageVersion,
    };
    await connection.request('initialize', { clientInfo });
    await connection.notify('initialized');
    return await act(connection);
  } finally {
    await connection.close();
  }
}

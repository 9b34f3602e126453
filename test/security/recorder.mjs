// Loaded into a server before its code (`node --import`): records its connections, listening ports and child processes.
import childProcess from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';

const { RECORD: recordPath, ALLOW_CONNECTIONS: allowsConnections } = process.env;
const record = (what, name) => fs.appendFileSync(recordPath, `${JSON.stringify([what, name])}\n`);

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (...args) {
  const [options] = [args[0]].flat();
  record('connects', options.path ?? `${options.host}:${options.port}`);
  if (allowsConnections) return connect.apply(this, args);
  process.nextTick(() =>
    this.destroy(Object.assign(new Error('connection refused by the recorder'), { code: 'ECONNREFUSED' })),
  );
  return this;
};

const { listen } = net.Server.prototype;
net.Server.prototype.listen = function (...args) {
  const [port, ...rest] = args;
  record('listens', `${rest[0]}:${port}`);
  // Use any free port, because another program may have this one.
  return listen.apply(this, allowsConnections ? args : [0, ...rest]);
};

const { spawn } = childProcess;
childProcess.spawn = (command, ...args) => {
  record('starts', command);
  return spawn(command, ...args);
};

// How a server exits that its arguments keep from serving.

/**
 * Returns how it exits with these arguments, and the number of lines on stderr, because the text is each server's
 * own.
 */
export async function leaving(start, options) {
  const server = start(options);
  const { code } = await server.end();
  const lines = server
    .stderr()
    .split('\n')
    .filter((line) => line.trim() !== '');
  return { code, stdout: server.messages.length, saysWhy: lines.length > 0 };
}

/** Calls `leaving` with each list of words after `app-server`. */
export const leavingEach = async (start, list) => {
  const seen = {};
  for (const words of list) seen[words.join(' ')] = await leaving(start, { after: words });
  return seen;
};

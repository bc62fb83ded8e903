import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The standalone server. */
export const SERVER = fileURLToPath(
  new URL('../../examples/standalone-server/dist/main.js', import.meta.url),
);

/** Starts a server in another process and waits until it prints its addresses. */
export async function startServer(program, env) {
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, ...env, VIGILANT_GRPC_PORT: '0', VIGILANT_HTTP_PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  const address = await new Promise((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      text += chunk;
      const found = /gRPC\s+(\S+)\n[^]*\ntry/.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.on('close', () => reject(new Error(`The server exited: ${text}`)));
  });
  return {
    address,
    pid: child.pid,
    async stop() {
      child.kill('SIGTERM');
      await once(child, 'close');
    },
  };
}

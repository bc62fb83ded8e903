import { fork } from 'node:child_process';
import { join } from 'node:path';

/**
 * Creates a tester that runs tests in a separate process and restarts it when a mutant blocks it.
 *
 * @param {string} sandbox - Path of the workspace.
 * @param {readonly string[]} projects - Names of vitest projects.
 */
export function createTester(sandbox, projects) {
  let child;
  const receive = (timeoutMs) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => finish(() => resolve({ isTimeout: true })), timeoutMs);
      const onMessage = (message) => finish(() => resolve(message));
      const onExit = () => finish(() => reject(new Error('The process that runs the tests ended.')));
      const finish = (settle) => {
        clearTimeout(timer);
        child.off('message', onMessage).off('exit', onExit);
        settle();
      };
      child.on('message', onMessage).on('exit', onExit);
    });
  const stop = () => {
    // Includes the processes that vitest started.
    if (child !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
    child = undefined;
  };
  const start = async () => {
    const script = join(sandbox, 'scripts/mutation/test-process.mjs');
    child = fork(script, projects, {
      cwd: sandbox,
      detached: true,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    await receive(120_000);
  };
  return {
    /**
     * Runs the tests of a file; resolves to the first failure, `timeout`, or `undefined` if all tests passed.
     *
     * @param {{ file: string, tests: readonly string[], isInThreads: boolean }} request
     * @param {number} timeoutMs
     * @returns {Promise<string | undefined>}
     */
    async run(request, timeoutMs) {
      if (child === undefined) await start();
      child.send(request);
      const { failed, error, isTimeout } = await receive(timeoutMs);
      if (error !== undefined) throw new Error(error);
      if (isTimeout) stop();
      return isTimeout ? 'timeout' : failed;
    },
    stop,
  };
}

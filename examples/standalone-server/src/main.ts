import { ignoreClosedOutput } from './output';
import { stopOnSignals } from './stop';

ignoreClosedOutput();
const running = stopOnSignals();
// The packages are loaded after the handlers are installed, because loading them takes a moment.
import('./run')
  .then(({ run }) => run(running, process.env, process.argv.slice(2)))
  .catch((error: unknown) => {
    console.error(`vigilant: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  });

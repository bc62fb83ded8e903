import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { bundleProgram } from '../../../scripts/lib/bundle.mjs';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { createTopicName } from './support/kafka';

describeWithService('kafka', 'an idle Kafka broker', (address) => {
  it('prints nothing, sets no timer with a negative delay, does not keep the process alive, and uses little CPU time', async () => {
    // Newer versions of Node.js print a warning for such timers. Here they end the program.
    const guard = `
      const setTimer = globalThis.setTimeout;
      globalThis.setTimeout = (callback, ms, ...rest) => {
        if (ms < 0) throw new Error('a timer of ' + ms + ' ms');
        return setTimer(callback, ms, ...rest);
      };`;
    const program = await bundleProgram(
      'packages/kafka/test/programs/idle.ts',
      (code) => `${guard}\n${code}`,
    );
    onTestFinished(() => rmSync(program, { force: true }));
    const flags = ['--throw-deprecation', '--trace-warnings'];
    const child = spawn(process.execPath, [...flags, program, address, createTopicName(), '15000']);
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number];
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    const { cpuPercent } = JSON.parse(output) as { cpuPercent: number };
    console.log(`idle: ${cpuPercent.toFixed(2)} % of a core`);
    expect(cpuPercent).toBeLessThan(2);
  }, 60_000);
});

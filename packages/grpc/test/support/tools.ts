import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The repository. */
export const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

/** Tools and generated code of the tests, kept from run to run. */
export const CACHE = join(ROOT, '.cache');

/** What a program printed, once it has ended with 0. */
export async function output(program: string, args: readonly string[], timeoutMs = 60_000): Promise<string> {
  const options = { cwd: ROOT, timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024 };
  return (await run(program, args, options)).stdout;
}

/**
 * Prepares a tool of another language. One that cannot be had is said aloud; with VIGILANT_REQUIRE_SERVICES=1, as in
 * CI, it is an error.
 */
export async function prepare<T>(what: string, make: () => Promise<T>): Promise<T | undefined> {
  try {
    return await make();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `NOT TESTED: ${what} cannot be had: ${reason}`;
    if (process.env['VIGILANT_REQUIRE_SERVICES'] === '1') throw new Error(message, { cause: error });
    console.warn(`\n${message}\n`);
    return undefined;
  }
}

const PYTHON_PACKAGES = ['grpcio==1.85.3', 'grpcio-tools==1.85.1', 'grpcio-status==1.85.1'];

/** A Python with gRPC in an environment of its own, which is made when it is missing. */
export async function preparePython(): Promise<string> {
  const folder = join(CACHE, 'python');
  const bin = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  if (existsSync(bin) && (await hasGrpc(bin))) return bin;
  console.warn(`Installing ${PYTHON_PACKAGES.join(', ')} to ${folder}`);
  await output(process.platform === 'win32' ? 'python' : 'python3', ['-m', 'venv', '--clear', folder]);
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--retries', '1'];
  await output(bin, [...pip, '--timeout', '15', ...PYTHON_PACKAGES], 300_000);
  return bin;
}

async function hasGrpc(python: string): Promise<boolean> {
  return output(python, ['-c', 'import grpc, grpc_status, grpc_tools.protoc']).then(
    () => true,
    () => false,
  );
}

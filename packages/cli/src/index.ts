export { runCli } from './command/run-cli';
export { createSystem } from './system/create-system';
export type { Host } from './system/create-system';
export type { Output, System } from './system/system';

// Tails the server at the given address, and prints a line once the tail is open.
import { createGrpcClient } from '@vigilant/grpc';

const [address = ''] = process.argv.slice(2);
for await (const { type } of createGrpcClient({ address }).tail('', { checkpoints: true }))
  if (type === 'checkpoint') console.log('open');

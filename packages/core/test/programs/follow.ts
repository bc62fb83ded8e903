// Follows a tail at its top level until an event arrives. Nothing else keeps the process alive.
import { createVigilant } from '../../src/index';

const vigilant = createVigilant();
const items = vigilant.tail();
setTimeout(() => vigilant.info('late'), 300).unref();
for await (const item of items) {
  if (item.type !== 'event') continue;
  console.log(item.event.message);
  break;
}

import { onTestFinished } from 'vitest';
import type { Broker } from '../../src/contracts/broker';
import { createVigilant } from '../../src/engine/engine';
import type { VigilantOptions } from '../../src/engine/options';
import type { WireText } from '../../src/event/wire-event';
import { WIRE_TEXTS, WireEvent } from '../../src/event/wire-event';
import { createMemoryBroker } from '../../src/memory/memory-broker';
import { systemClock } from '../../src/util/clock';
import type { Diagnostic } from '../../src/util/diagnostics';

/** A broker that keeps events encoded, and the decoded events of each publish. */
function encodedBroker(): Broker {
  const memory = createMemoryBroker();
  return {
    capabilities: memory.capabilities,
    open: (context) => memory.open(context),
    publish: (events) => memory.publish(events),
    publishEncoded: (events) => memory.publish(events.decode()),
    consume: (options) => memory.consume(options),
    watch: (options) => memory.watch(options),
    barrier: (options) => memory.barrier(options),
    status: () => memory.status(),
    close: () => memory.close(),
  };
}

/** A clock that fails. */
export const failingClock = { ...systemClock, now: failing };

function failing(): never {
  throw new Error('The clock failed.');
}

/** Creates an engine in memory whose broker keeps events encoded, and collects its diagnostics. */
export function setUp(options: VigilantOptions = {}) {
  const diagnostics: Diagnostic[] = [];
  const vigilant = createVigilant({
    broker: encodedBroker(),
    onDiagnostic: (diagnostic) => diagnostics.push(diagnostic),
    ...options,
  });
  onTestFinished(() => vigilant.close().then(() => {}));
  return { vigilant, diagnostics };
}

/** The texts of an event. */
export type Texts = Partial<Record<keyof typeof WIRE_TEXTS, string>>;

/** Sets the fields of an event. */
export function fill(event: WireEvent, texts: Texts, tags: readonly string[] = []): WireEvent {
  const parts: string[] = [];
  const rangeOf = (text: string): [number, number] => {
    const start = Buffer.byteLength(parts.join(''));
    parts.push(text);
    return [start, start + Buffer.byteLength(text)];
  };
  event.clear(Buffer.alloc(0));
  for (const [name, text] of Object.entries(texts))
    event.setText(WIRE_TEXTS[name as keyof typeof WIRE_TEXTS] satisfies WireText, ...rangeOf(text));
  for (const tag of tags) event.tags.add(...rangeOf(tag));
  event.bytes = Buffer.from(parts.join(''));
  return event;
}

/** Creates an event. */
export const wireEvent = (texts: Texts, tags: readonly string[] = []): WireEvent =>
  fill(new WireEvent(), texts, tags);

import type { Logger } from '../contracts/vigilant';
import type { VigilantStatus } from '../contracts/status';
import type { Event } from '../event/event';
import { createIdGenerator } from '../event/id';
import type { Intake } from '../intake/intake';
import { createIntake } from '../intake/intake';
import { createLogger } from '../intake/logger';
import type { Rejections } from '../intake/publish-valid';
import type { DiagnosticSink } from '../util/diagnostics';
import type { VigilantError } from '../util/errors';
import { reasonOf } from '../util/errors';
import type { Adapters } from './adapters';
import type { Lifecycle } from './lifecycle';
import type { ResolvedVigilantOptions } from './options';

/** Accepts events, publishes them to the broker, and reports those that are not accepted. */
export interface Ingest {
  readonly logger: Logger;
  /** Publishes one normalised event. @throws {VigilantError} if it is not accepted. */
  submit(event: Event): Promise<void>;
  /** Resolves when all events submitted before are settled. Never rejects. */
  drained(): Promise<void>;
  status(): VigilantStatus['intake'];
}

/** Dependencies of `Ingest`. */
export interface IngestParts {
  readonly options: ResolvedVigilantOptions;
  readonly lifecycle: Lifecycle;
  readonly adapters: Adapters;
  readonly diagnostics: DiagnosticSink;
  /** Called with the events of each successful publish. */
  readonly onPublished: (events: readonly Event[]) => void;
}

/** Creates the ingest of an engine. */
export function createIngest(parts: IngestParts): Ingest {
  return new EngineIngest(parts);
}

class EngineIngest implements Ingest {
  readonly logger: Logger;
  readonly #parts: IngestParts;
  readonly #intake: Intake;
  #invalid = 0;

  constructor(parts: IngestParts) {
    const { clock, redact, defaults, maxPendingBytes } = parts.options;
    const now = (): number => clock.now();
    const onRejected = (error: VigilantError): void => this.#reportRejected(error);
    this.#parts = parts;
    this.#intake = createIntake({
      publish: (events) => this.#publish(events),
      maxPendingBytes,
      onRejected,
      onFailure: (error, events) => this.#reportFailed(error, events),
    });
    this.logger = createLogger(
      { now, newId: createIdGenerator(now), redact, submit: (events) => this.#submit(events), onRejected },
      defaults,
    );
  }

  async submit(event: Event): Promise<void> {
    const rejection = (await this.#submit([event])).get(event);
    if (rejection !== undefined) throw rejection;
  }

  drained(): Promise<void> {
    return this.#intake.drained();
  }

  status(): VigilantStatus['intake'] {
    const { accepted, failed, pendingBytes } = this.#intake;
    return { accepted, invalid: this.#invalid, failed, pendingBytes };
  }

  #submit(events: readonly Event[]): Promise<Rejections> {
    this.#parts.lifecycle.checkRunning();
    return this.#intake.submit(events);
  }

  async #publish(events: readonly Event[]): Promise<void> {
    const { lifecycle, adapters, onPublished } = this.#parts;
    lifecycle.checkNotClosed();
    // Events in the broker are stored once the store is open.
    adapters.storeOpener.start();
    await adapters.brokerOpener.open();
    await adapters.broker.publish(events);
    onPublished(events);
  }

  #reportRejected(error: VigilantError): void {
    const { code, message } = error;
    if (code === 'VIGILANT_EVENT_INVALID') this.#invalid += 1;
    this.#parts.diagnostics({ level: 'warn', component: 'intake', code: 'event-refused', message, error });
  }

  #reportFailed(error: unknown, events: number): void {
    const message = `${events} event(s) were not confirmed: ${reasonOf(error)}`;
    this.#parts.diagnostics({ level: 'error', component: 'intake', code: 'publish-failed', message, error });
  }
}

/** Messages for screen readers and short notes at the foot of the page. */
export class Announcer {
  /** Text of the live region of the page. */
  text = $state('');
  /** Note that is visible for a short time. */
  note = $state('');
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Announces a text to screen readers. */
  say(text: string): void {
    // Screen readers ignore a text that does not change.
    this.text = text === this.text ? `${text}\u00a0` : text;
  }

  /** Shows a note and announces it to screen readers. */
  show(text: string, durationMs = 2_500): void {
    this.say(text);
    this.note = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.note = ''), durationMs);
  }
}

// Control of an entity, kept as long as it is wanted.

/** A hold runs out 30 s after it was last taken. */
const RENEW_MS = 10_000;

/** Why a hold may not have been renewed although it is still held: the next attempt comes in time. */
const PASSING = new Set(['Timeout', 'rate_limited']);

/** An entity that nobody else may change until it is let go. Renews itself; `lost` settles when it is not held any more. */
export class Hold {
  #sync;
  #timer;
  #settle;
  #held = true;

  constructor(sync, entity) {
    this.#sync = sync;
    this.entity = entity;
    this.lost = new Promise((resolve) => {
      this.#settle = resolve;
    });
    this.#timer = setInterval(() => this.#renew(), RENEW_MS);
    sync.addEventListener('state', this.#onState);
  }

  /** The server lets go of what a connection held when it ends. */
  #onState = ({ detail }) => detail.state !== 'open' && this.#end('Disconnected');

  get isHeld() {
    return this.#held;
  }

  async #renew() {
    try {
      await this.#sync.request({ type: 'take', entity: this.entity });
    } catch (failure) {
      if (!PASSING.has(failure.status)) {
        this.#end(failure.status);
      }
    }
  }

  #end(why) {
    if (this.#held) {
      this.#held = false;
      clearInterval(this.#timer);
      this.#sync.removeEventListener('state', this.#onState);
      this.#settle(why);
    }
  }

  async release() {
    if (this.#held) {
      this.#end('Released');
      await this.#sync.request({ type: 'release', entity: this.entity });
    }
  }
}

// What a client of /ws/sync asked and was not answered yet.

/** As long as a change may take that was accepted before others were too many. */
const ACCEPTED_TIMEOUT_MS = 3_000;

/** Why something was not done: `status` as the server has it, or rate_limited, Disconnected, Timeout, Closed. */
export class SyncError extends Error {
  constructor(status, message, answer = {}) {
    super(message || status);
    this.name = 'SyncError';
    this.status = status;
    this.entity = answer.entity;
    this.by = answer.by;
    this.retryAfterMs = answer.retryAfterMs;
  }
}

/** Calls by their number, each with a time after which it has failed. */
export class Calls {
  #waiting = new Map();
  #timeout;
  #send;

  /**
   * @param timeout in ms
   * @param send sends a frame, and says whether there was a way
   */
  constructor(timeout, send) {
    this.#timeout = timeout;
    this.#send = send;
  }

  /** Resolves to the answer. What waits for its turn is sent once there is a way, see `sendWaiting`. */
  call(frame, id) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => this.settle(id)?.reject(new SyncError('Timeout', 'the server did not answer in time')), this.#timeout);
      const sent = this.#send(frame);
      this.#waiting.set(id, { frame, sent, resolve, reject, timer });
    });
  }

  sendWaiting() {
    for (const call of this.#waiting.values()) {
      call.sent ||= this.#send(call.frame);
    }
  }

  /** Takes out the call with this number, to be resolved or rejected; undefined if there is none. */
  settle(id) {
    const call = this.#waiting.get(id);
    if (call) {
      clearTimeout(call.timer);
      this.#waiting.delete(id);
    }
    return call;
  }

  failAll(status, message) {
    this.#fail(status, message, () => true);
  }

  /** What was sent when the way broke may have been done or not. */
  failSent(status, message) {
    this.#fail(status, message, (call) => call.sent);
  }

  #fail(status, message, which) {
    for (const [id, call] of [...this.#waiting]) {
      if (which(call)) {
        this.settle(id).reject(new SyncError(status, message));
      }
    }
  }

  /** Something was dropped of which the server could not say what it was: who is not answered soon is not answered. */
  hurry(failure) {
    for (const [id, call] of this.#waiting) {
      if (call.sent && !call.isHurried) {
        call.isHurried = true;
        clearTimeout(call.timer);
        call.timer = setTimeout(() => this.settle(id)?.reject(failure), ACCEPTED_TIMEOUT_MS);
      }
    }
  }
}

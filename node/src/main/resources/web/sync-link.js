// The socket under the sync client: opens it, and opens it again when it breaks. Knows frames, and nothing of entities.

const FIRST_PAUSE_MS = 400;
const LONGEST_PAUSE_MS = 20_000;
const CONNECT_TIMEOUT_MS = 10_000;

/** Close codes from 4500 say that coming again would change nothing; whatever else ended it says: come back. */
const comesBack = (code) => code < 4500 || code > 4999;

/** Full jitter: anything up to the longest pause, so that those who were cut together do not come back together. */
const pause = (attempt) => Math.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);

/**
 * Tells of `state` (detail: {state, wait?, code?, reason?, neverOpen?}) and of `frame` (detail: {text, frame, sent}).
 * The states: idle, connecting, open, waiting (it will try again), stopped (the server does not want it back).
 */
export class Link extends EventTarget {
  #address;
  #WebSocket;
  #socket = null;
  #attempt = 0;
  #timer = 0;
  #slow = 0;
  #state = 'idle';
  #retry = () => this.retry();
  #leave = () => this.#left();
  #comeBack = (event) => event.persisted && this.retry();
  #seen = () => globalThis.document?.visibilityState === 'visible' && this.retry();

  /**
   * @param {() => string | URL | Promise<string | URL>} address asked for each time: a token may be newer by then
   * @param {typeof WebSocket} socketClass
   */
  constructor(address, socketClass) {
    super();
    this.#address = address;
    this.#WebSocket = socketClass;
  }

  get state() {
    return this.#state;
  }

  get isOpen() {
    return this.#state === 'open';
  }

  open() {
    if (this.#state !== 'idle' && this.#state !== 'stopped') {
      return;
    }
    globalThis.addEventListener?.('online', this.#retry);
    // A browser may keep a page that was left as it is, to come back to: nobody looks at it meanwhile.
    globalThis.addEventListener?.('pagehide', this.#leave);
    globalThis.addEventListener?.('pageshow', this.#comeBack);
    globalThis.document?.addEventListener('visibilitychange', this.#seen);
    this.#attempt = 0;
    this.#connect();
  }

  /** Tries at once, if it is waiting to. */
  retry() {
    if (this.#state === 'waiting') {
      this.#attempt = 0;
      this.#connect();
    }
  }

  close() {
    globalThis.removeEventListener?.('online', this.#retry);
    globalThis.removeEventListener?.('pagehide', this.#leave);
    globalThis.removeEventListener?.('pageshow', this.#comeBack);
    globalThis.document?.removeEventListener('visibilitychange', this.#seen);
    this.#drop();
    this.#become('idle');
  }

  /** Whether it could be sent. */
  send(frame) {
    if (!this.isOpen) {
      return false;
    }
    this.#socket.send(JSON.stringify(frame));
    // Who listens may write it down, or show it: a token is nobody else's.
    const shown = 'token' in frame ? { ...frame, token: '…' } : frame;
    this.#tell('frame', { text: JSON.stringify(shown), frame: shown, sent: true });
    return true;
  }

  async #connect() {
    clearTimeout(this.#timer);
    this.#become('connecting');
    const token = {};
    this.#socket = token;
    let socket;
    try {
      const url = await this.#address();
      if (this.#socket !== token) {
        return;
      }
      socket = new this.#WebSocket(String(url));
    } catch (failure) {
      this.#ended(token, 1006, String(failure?.message ?? failure));
      return;
    }
    this.#socket = socket;
    // A server that stands still accepts nothing and refuses nothing.
    this.#slow = setTimeout(() => this.#ended(socket, 1006, 'no answer'), CONNECT_TIMEOUT_MS);
    socket.addEventListener('open', () => this.#opened(socket));
    socket.addEventListener('message', (event) => this.#heard(socket, event.data));
    socket.addEventListener('close', (event) => this.#ended(socket, event.code, event.reason));
  }

  #opened(socket) {
    if (socket === this.#socket) {
      clearTimeout(this.#slow);
      this.#become('open');
    }
  }

  #heard(socket, text) {
    if (socket !== this.#socket || typeof text !== 'string') {
      return;
    }
    // Not before a frame came: who is cut off right after the upgrade must not come back without a pause.
    this.#attempt = 0;
    let frame;
    try {
      frame = JSON.parse(text);
    } catch {
      return;
    }
    this.#tell('frame', { text, frame, sent: false });
  }

  #drop() {
    clearTimeout(this.#timer);
    clearTimeout(this.#slow);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close?.(1000);
  }

  #left() {
    this.#drop();
    this.#become('waiting', { wait: Infinity });
  }

  #ended(socket, code, reason) {
    if (socket !== this.#socket) {
      return;
    }
    clearTimeout(this.#slow);
    const neverOpen = this.#state === 'connecting';
    this.#socket = null;
    socket.close?.();
    if (!comesBack(code)) {
      this.#become('stopped', { code, reason });
      return;
    }
    const wait = pause(this.#attempt++);
    this.#become('waiting', { wait, code, reason, neverOpen });
    this.#timer = setTimeout(() => this.#connect(), wait);
  }

  #become(state, more = {}) {
    this.#state = state;
    this.#tell('state', { state, ...more });
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

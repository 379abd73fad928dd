// The way to the server: opens it, opens it again when it breaks, and says each thing once.

const FIRST_PAUSE_MS = 400;
const LONGEST_PAUSE_MS = 20_000;
const CONNECT_TIMEOUT_MS = 10_000;
const REMEMBERED_IDS = 1000;

/**
 * Close codes from 4500 say that coming again would change nothing; 4000 to 4499, and whatever broke, say come back.
 */
const comesBack = (code) => code < 4500 || code > 4999;

/** Full jitter: anything up to the longest pause, so that those who were cut together do not come back together. */
const pause = (attempt) => Math.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);

export class Link extends EventTarget {
  #room = 'lobby';
  #tokenOf;
  #socket = null;
  #attempt = 0;
  #timer = 0;
  #saysAgain = 0;
  #wanted = false;
  #open = false;
  #resume = null;
  #lastPosition = null;
  #seen = new Set();
  #pending = new Map();
  #clientId;

  /**
   * @param {() => string} tokenOf asked again with each connection; '' for none
   */
  constructor(clientId, tokenOf) {
    super();
    this.#clientId = clientId;
    this.#tokenOf = tokenOf;
    globalThis.addEventListener('online', () => this.retry());
    // A browser may keep a page that was left as it is, to come back to: nobody is there meanwhile.
    globalThis.addEventListener('pagehide', () => this.#drop());
    globalThis.addEventListener('pageshow', (event) => event.persisted && this.retry());
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && this.retry());
  }

  get isOpen() {
    return this.#open;
  }

  /** Goes to a room; whatever was not heard of in another one is given up. */
  enter(room) {
    this.#room = room;
    this.#resume = null;
    this.#lastPosition = null;
    this.#pending.clear();
    this.#again();
  }

  /** Ends the connection until {@link retry}: nothing would be gained by more attempts. What was not heard of is kept. */
  rest() {
    this.#drop();
    this.#tell('state', { state: 'resting' });
  }

  /** Goes on with another token: without a break if there is a connection, and with a new one if not. */
  renewToken() {
    if (this.#open) {
      this.send({ type: 'AUTH', token: this.#tokenOf() });
    } else {
      // An attempt that is under way has the token from before, and would come in with it.
      this.#again();
    }
  }

  /** Comes in again, as somebody else perhaps. */
  reconnect() {
    this.#resume = null;
    this.#again();
  }

  #again() {
    this.#wanted = true;
    this.#drop();
    this.#attempt = 0;
    this.#connect();
  }

  /** Tries at once, if it is waiting to. */
  retry() {
    if (this.#wanted && !this.#socket) {
      this.#attempt = 0;
      this.#connect();
    }
  }

  /** Publishes, now or as soon as there is a way; again after it broke, until the server has taken it. */
  publish(channel, payload) {
    const messageId = crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random().toString(36).slice(2)}`;
    const frame = { type: 'publish', channel, payload, messageId };
    if (channel === 'client.message') {
      this.#pending.set(messageId, frame);
    }
    this.send(frame);
    return messageId;
  }

  /** Sends what need not be said again. */
  send(frame) {
    if (this.#open) {
      this.#socket.send(JSON.stringify(frame));
    }
  }

  // ---- the socket ----

  #url() {
    const url = new URL('/ws', location.href);
    url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    url.searchParams.set('room', this.#room);
    url.searchParams.set('events', 'all');
    url.searchParams.set('client_id', this.#clientId);
    url.searchParams.set('ack', 'true');
    if (this.#resume) {
      url.searchParams.set('resume', this.#resume);
    } else if (this.#lastPosition) {
      url.searchParams.set('since', this.#lastPosition);
    }
    const token = this.#tokenOf();
    if (token) {
      url.searchParams.set('access_token', token);
    }
    return url;
  }

  #connect() {
    clearTimeout(this.#timer);
    this.#tell('state', { state: 'connecting' });
    const socket = new WebSocket(this.#url());
    this.#socket = socket;
    let greeted = false;
    // A server that stands still accepts nothing and refuses nothing.
    const slow = setTimeout(() => this.#ended(socket, 1006, 'no answer', greeted), CONNECT_TIMEOUT_MS);
    socket.addEventListener('message', (event) => {
      if (socket !== this.#socket || typeof event.data !== 'string') {
        return;
      }
      greeted = true;
      clearTimeout(slow);
      this.#frame(event.data);
    });
    socket.addEventListener('close', (event) => {
      clearTimeout(slow);
      this.#ended(socket, event.code, event.reason, greeted);
    });
  }

  #drop() {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    this.#open = false;
    socket?.close(1000);
  }

  #ended(socket, code, reason, greeted) {
    if (socket !== this.#socket) {
      return;
    }
    this.#socket = null;
    this.#open = false;
    socket.close();
    if (!comesBack(code)) {
      this.#wanted = false;
      this.#tell('state', { state: 'stopped', code, reason });
      return;
    }
    if (!greeted && this.#attempt >= 2) {
      // Perhaps what it wants to go on with is not known any more: then from anew.
      this.#resume = null;
    }
    const wait = pause(this.#attempt++);
    this.#tell('state', { state: 'waiting', wait, code, reason, neverOpen: !greeted });
    this.#timer = setTimeout(() => this.#connect(), wait);
  }

  // ---- frames ----

  #frame(text) {
    let frame;
    try {
      frame = JSON.parse(text);
    } catch {
      return;
    }
    if (frame.type === 'MESSAGE') {
      this.#inner(frame);
      this.#socket?.send(JSON.stringify({ type: 'ACK', id: frame.id }));
    } else {
      this.#event(frame);
    }
  }

  /** What comes with a number: several may come again after a break, and are heard once. */
  #inner(frame) {
    try {
      this.#event(JSON.parse(frame.payload));
    } catch {
      // Not for us: bytes, or text of another protocol.
    }
  }

  #event(frame) {
    if (frame.channel === 'server.info') {
      this.#hello(frame);
      return;
    }
    if (frame.type !== 'message' || this.#isRepeated(frame.messageId)) {
      return;
    }
    if (frame.channel === 'server.message') {
      this.#heard(frame);
    }
    if (frame.channel === 'server.error' && (frame.payload.messageId || frame.payload.code === 'rate_limited')) {
      this.#refused(frame.payload);
    }
    this.#tell(frame.channel, frame);
  }

  #hello(frame) {
    const { serverId, resume, recovered } = { ...frame, ...frame.payload };
    const resumed = Boolean(this.#resume) && recovered !== false;
    const gap = recovered === false;
    this.#resume = resume ?? null;
    this.#open = true;
    this.#attempt = 0;
    this.#tell('state', { state: 'open', node: serverId, resumed, gap });
    for (const unheard of this.#pending.values()) {
      this.send(unheard);
    }
  }

  #heard(frame) {
    const position = /^(.+)-(\d+)$/.exec(frame.payload.id ?? '');
    if (position) {
      this.#lastPosition = `${position[1]}:${position[2]}`;
    }
    const source = frame.metadata?.source;
    frame.own = this.#pending.delete(source);
    frame.source = source;
  }

  #refused({ code, messageId }) {
    if (code === 'rate_limited' || code === 'registry_unavailable') {
      this.#sayAgain();
    } else {
      this.#pending.delete(messageId);
    }
  }

  /**
   * Not now, but later: nobody should have to type it again. Of several that were too many only the first is named, and
   * the server hears each once, so all that was not heard of is said again.
   */
  #sayAgain() {
    this.#saysAgain ||= setTimeout(() => {
      this.#saysAgain = 0;
      this.#pending.forEach((frame) => this.send(frame));
    }, 1000 + Math.random() * 1000);
  }

  #isRepeated(id) {
    if (!id) {
      return false;
    }
    if (this.#seen.has(id)) {
      return true;
    }
    this.#seen.add(id);
    if (this.#seen.size > REMEMBERED_IDS) {
      this.#seen.delete(this.#seen.values().next().value);
    }
    return false;
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

// The client of /ws/sync: entities and components of a space, kept in step with the cluster. An ES module without
// dependencies; types are in muster-sync.d.ts, and docs/browser.md tells how to use it.

import { Calls, SyncError } from './sync-calls.js';
import { Hold } from './sync-hold.js';
import { Link } from './sync-link.js';
import { Copy, Subscription } from './sync-view.js';

export { SyncError } from './sync-calls.js';
export { Item, Subscription } from './sync-view.js';

/** As entity of a mutation: a new one, whose id comes with the answer. */
export const SPAWN = '18446744073709551615';

const ANSWER_TIMEOUT_MS = 10_000;
/** What was too much comes again at moments of its own, not at once. */
const AGAIN_WITHIN_MS = 500;

/**
 * A connection to one space. Events: `state` (see Link), `frame` (each frame as text, both ways), `refused` (what the
 * server complained about that answers no call), `expiring` (the token ends soon, and no function gave a newer one).
 */
export class MusterSync extends EventTarget {
  #link;
  #url;
  #space;
  #token;
  #sentToken = '';
  #renewal = 0;
  #decoders;
  #ids = 0;
  #copies = new Map();
  #byKey = new Map();
  #calls;
  #queries = new Map();

  constructor({
    url, space = 'world', token, decoders = {}, timeout = ANSWER_TIMEOUT_MS, WebSocket = globalThis.WebSocket,
  } = {}) {
    super();
    this.#url = url ?? new URL('/ws/sync', globalThis.location?.href ?? import.meta.url);
    this.#space = space;
    this.#token = token;
    this.#decoders = decoders;
    this.#link = new Link(() => this.#address(), WebSocket);
    this.#calls = new Calls(timeout, (frame) => this.#link.send(frame));
    this.#link.addEventListener('state', ({ detail }) => this.#onState(detail));
    this.#link.addEventListener('frame', ({ detail }) => this.#onFrame(detail));
  }

  get state() {
    return this.#link.state;
  }

  get space() {
    return this.#space;
  }

  /** Connects, and stays connected until `close`. */
  connect() {
    this.#link.open();
    return this;
  }

  /** Tries again at once, if it is waiting to. */
  retry() {
    this.#link.retry();
  }

  /** Ends the connection. What is held stays readable; `connect` goes on with it. */
  close() {
    this.#link.close();
    this.#calls.failAll('Closed', 'the client was closed');
  }

  /**
   * Goes on with a newer token of the same user, without a break. Resolves to when that ends, in ms since 1970.
   * Fails with forbidden if the server does not take it: then the one before counts as long as it lasts.
   */
  async refresh(token) {
    this.#renewal = ++this.#ids;
    const { expiresAt } = await this.#calls.call({ type: 'AUTH', token, requestId: this.#renewal }, this.#renewal);
    this.#sentToken = token;
    if (typeof this.#token !== 'function') {
      this.#token = token;
    }
    return expiresAt;
  }

  // ---- what there is ----

  /**
   * A live copy of one component type (or of all: "*"), of one entity or of all. The same asked twice is sent once.
   */
  subscribe(component, entity = null, filter = null) {
    const frame = { type: 'subscribe', component, entity: entity === null ? null : String(entity) };
    if (filter) {
      frame.filter = filter;
    }
    const key = JSON.stringify([component, frame.entity, filter]);
    let copy = this.#byKey.get(key);
    if (!copy) {
      copy = new Copy(++this.#ids, key, frame, this.#decoders);
      this.#byKey.set(key, copy);
      this.#copies.set(copy.id, copy);
      this.#link.send({ ...frame, subscriptionId: copy.id });
    }
    return new Subscription(copy, () => queueMicrotask(() => this.#drop(copy)));
  }

  /** Only once nobody asks for the same again: pages often let go and take hold in one breath. */
  #drop(copy) {
    if (copy.users === 0 && this.#copies.delete(copy.id)) {
      this.#byKey.delete(copy.key);
      this.#link.send({ type: 'unsubscribe', subscriptionId: copy.id });
    }
  }

  /** The rows that answer a question. */
  async query(namespace, params = {}) {
    const id = ++this.#ids;
    const answer = await this.#calls.call({ type: 'query', queryId: id, namespace, params, mode: 'OneShot' }, id);
    return rowsOf(answer);
  }

  /** Asks, and is told again whenever the answer changes; `close` of what is returned ends that. */
  watchQuery(namespace, params, onRows, onError = () => {}) {
    const id = ++this.#ids;
    const frame = { type: 'query', queryId: id, namespace, params, mode: 'Subscribe' };
    this.#queries.set(id, { frame, onRows, onError });
    this.#link.send(frame);
    return {
      close: () => this.#queries.delete(id) && this.#link.send({ type: 'queryCancel', queryId: id }),
    };
  }

  // ---- changing it ----

  /**
   * Replaces a component, or with `patch: true` only the fields that are given (RFC 7386). Resolves to {entity,
   * revision} once it is done, and fails with a SyncError that says why not.
   */
  mutate(entity, component, value, { patch = false, expectedRevision } = {}) {
    const frame = { type: 'mutate', entity: String(entity), component, [patch ? 'patch' : 'value']: value };
    if (expectedRevision !== undefined) {
      frame.expectedRevision = expectedRevision;
    }
    return this.request(frame);
  }

  /** A new entity with this component. */
  spawn(component, value) {
    return this.mutate(SPAWN, component, value);
  }

  /** Takes a component away from an entity. */
  remove(entity, component) {
    return this.request({ type: 'remove', entity: String(entity), component });
  }

  /** Ends an entity, with all its components. */
  despawn(entity) {
    return this.request({ type: 'despawn', entity: String(entity) });
  }

  /** Takes an entity, so that nobody else may change it. Fails with AlreadyControlled if somebody has it. */
  async control(entity) {
    await this.request({ type: 'take', entity: String(entity) });
    return new Hold(this, String(entity));
  }

  /** Sends a frame that is answered, with a number of its own. */
  async request(frame) {
    const requestId = ++this.#ids;
    const { type, ...members } = frame;
    const answer = await this.#calls.call({ type, requestId, ...members }, requestId);
    if (!['Ok', 'Taken', 'Released'].includes(answer.status)) {
      throw new SyncError(answer.status, answer.message, answer);
    }
    return { entity: answer.entity, revision: answer.revision };
  }

  // ---- the connection ----

  async #address() {
    const url = new URL(this.#url, globalThis.location?.href);
    url.protocol = url.protocol.replace('http', 'ws');
    url.searchParams.set('space', this.#space);
    const token = typeof this.#token === 'function' ? await this.#token() : this.#token;
    this.#sentToken = token ?? '';
    if (token) {
      url.searchParams.set('access_token', token);
    }
    return url;
  }

  #onState(detail) {
    if (detail.state === 'open') {
      this.#sayAgain();
    } else if (detail.state === 'stopped') {
      this.#calls.failAll('Disconnected', `the server closed the connection: ${detail.reason || detail.code}`);
    } else if (detail.state === 'waiting') {
      this.#calls.failSent('Disconnected', 'the connection broke before the answer came');
    }
    this.#tell('state', detail);
  }

  #sayAgain() {
    for (const copy of this.#copies.values()) {
      copy.begin();
      this.#link.send({ ...copy.frame, subscriptionId: copy.id });
    }
    this.#queries.forEach(({ frame }) => this.#link.send(frame));
    this.#calls.sendWaiting();
  }

  #onFrame(detail) {
    this.#tell('frame', detail);
    if (!detail.sent) {
      this.#heard(detail.frame);
    }
  }

  #heard(frame) {
    switch (frame?.type) {
      case 'batch':
        this.#batch(frame);
        break;
      case 'mutationResponse':
      case 'control':
        this.#calls.settle(frame.requestId)?.resolve(frame);
        break;
      case 'queryResponse':
        this.#answered(frame);
        break;
      case 'AUTH':
        this.#calls.settle(this.#renewal)?.resolve(frame);
        break;
      case 'error':
      case 'ERROR':
        this.#refused(frame);
        break;
      default:
        // Of a later version.
    }
  }

  /**
   * `initial` names the subscriptions that it is the first answer to, `more` those whose snapshot goes on in a later
   * batch: large ones come in pages, with changes of other subscriptions between them.
   */
  #batch({ items = [], initial = [], more = [] }) {
    const touched = new Set(initial.map((id) => this.#copies.get(id)).filter(Boolean));
    touched.forEach((copy) => {
      copy.isAnswered = true;
    });
    for (const item of items) {
      const copy = this.#copies.get(item.subscriptionId);
      if (copy) {
        copy.apply(item);
        touched.add(copy);
      }
    }
    for (const copy of touched) {
      if (copy.isReady || !copy.isAnswered) {
        copy.flush(false);
      } else if (more.includes(copy.id)) {
        copy.expectMore(() => whole(copy));
        copy.flush(false);
      } else {
        whole(copy);
      }
    }
  }

  #answered(frame) {
    const call = this.#calls.settle(frame.queryId);
    if (call) {
      call.resolve(frame);
      return;
    }
    const query = this.#queries.get(frame.queryId);
    try {
      query?.onRows(rowsOf(frame));
    } catch (failure) {
      query.onError(failure);
    }
  }

  #refused(frame) {
    if (frame.code === 'token_expiring') {
      this.#renew(frame.expiresInMs);
      return;
    }
    const failure = new SyncError(frame.status ?? frame.code, frame.message, frame);
    const ids = ['requestId', 'queryId', 'subscriptionId'].flatMap((name) => frame[`${name}s`] ?? frame[name] ?? []);
    let isHeard = false;
    for (const id of ids) {
      isHeard = this.#refuse(id, failure) || isHeard;
    }
    if (!isHeard) {
      this.#tell('refused', failure);
    }
    if (frame.code === 'rate_limited' && (frame.more || ids.length === 0)) {
      this.#calls.hurry(failure);
    }
  }

  /** Whether somebody waits for what has this number. What goes on is asked for again as soon as there is room. */
  #refuse(id, failure) {
    const copy = this.#copies.get(id);
    const call = this.#calls.settle(id);
    if ((copy || this.#queries.has(id)) && failure.status === 'rate_limited') {
      setTimeout(() => this.#again(id), failure.retryAfterMs + Math.random() * AGAIN_WITHIN_MS);
    } else if (copy) {
      copy.refused(failure);
    }
    call?.reject(failure);
    return Boolean(copy || call) || this.#queries.has(id);
  }

  #again(id) {
    const copy = this.#copies.get(id);
    const frame = copy ? { ...copy.frame, subscriptionId: id } : this.#queries.get(id)?.frame;
    if (frame) {
      this.#link.send(frame);
    }
  }

  async #renew(expiresInMs) {
    try {
      const token = typeof this.#token === 'function' ? await this.#token() : null;
      if (token && token !== this.#sentToken) {
        await this.refresh(token);
        return;
      }
    } catch (failure) {
      this.#tell('refused', failure);
    }
    this.#tell('expiring', { expiresInMs });
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

function whole(copy) {
  copy.complete();
  copy.flush(true);
}

function rowsOf({ status, rows, error }) {
  if (status !== 'Ok') {
    throw new SyncError(status, error);
  }
  return rows ?? [];
}

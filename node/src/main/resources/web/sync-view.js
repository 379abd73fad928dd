// What a client holds of a space. What came is kept as it came, whatever its type: it is decoded when somebody looks.

/** Between two pages of a snapshot. */
const PAGE_TIMEOUT_MS = 2000;

/** One component of one entity. */
export class Item {
  #decode;
  #value;
  #decoded = false;

  /** @param {{entity: string, component: string, revision?: number, value?: unknown, bytes?: string}} sent */
  constructor({ entity, component, revision, value, bytes }, decode) {
    this.entity = entity;
    this.component = component;
    /** Its position in the log of the space; undefined if the server did not say. */
    this.revision = revision;
    /** As the server sent it. Of a component that the node does not know: its bincode, in base64. */
    this.raw = bytes ?? value;
    /** Whether the node knows the component. */
    this.isKnown = bytes === undefined;
    this.#decode = decode;
  }

  /** The bincode of a component that the node does not know. */
  get bytes() {
    return this.isKnown ? undefined : Uint8Array.from(atob(this.raw), (each) => each.charCodeAt(0));
  }

  /** What the decoder of its component makes of it; without one, or if that fails, what the server sent. */
  get value() {
    if (!this.#decoded) {
      this.#decoded = true;
      try {
        const sent = this.isKnown ? this.raw : this.bytes;
        this.#value = this.#decode ? this.#decode(sent, this.entity) : sent;
      } catch (failure) {
        console.warn(`The decoder of ${this.component} failed, its value stays raw`, failure);
        this.#value = this.raw;
      }
    }
    return this.#value;
  }

  isAs(other) {
    // Positions begin again with a new epoch, so one that is the same says little alone.
    return this.revision === other.revision && this.isKnown === other.isKnown
      && JSON.stringify(this.raw) === JSON.stringify(other.raw);
  }
}

/**
 * The copy behind one subscription on the wire, shared by all who asked for the same. After a break it keeps what it
 * held, and tells of the difference once the new snapshot is whole.
 */
export class Copy {
  /** @type {Map<string, Map<string, Item>>} */
  entities = new Map();
  count = 0;
  isReady = false;
  /** Whether the server has begun to answer. */
  isAnswered = false;
  /** Why there is nothing, if the server said so. */
  error = null;
  #decoders;
  #listeners = new Set();
  /** What came since the subscription was sent: what else is held is from before, and goes when the snapshot is whole. */
  #fresh = new Set();
  #waiting = [];
  #changes = [];
  #overdue = 0;

  constructor(id, key, frame, decoders) {
    this.id = id;
    this.key = key;
    this.frame = frame;
    this.#decoders = decoders;
  }

  get users() {
    return this.#listeners.size;
  }

  add(listener) {
    this.#listeners.add(listener);
  }

  remove(listener) {
    this.#listeners.delete(listener);
  }

  /** Resolves as soon as a snapshot is whole, and fails if the server refuses the subscription. */
  whenReady() {
    if (this.isReady) {
      return Promise.resolve();
    }
    return this.error ? Promise.reject(this.error) : new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  /** It is asked for, again: everything that does not come now is gone. */
  begin() {
    this.isReady = false;
    this.isAnswered = false;
    this.error = null;
    this.#fresh.clear();
    clearTimeout(this.#overdue);
  }

  refused(error) {
    this.error = error;
    this.#waiting.splice(0).forEach(({ reject }) => reject(error));
    this.#listeners.forEach((listener) => listener.onError?.(error));
  }

  apply(item) {
    switch (item.op) {
      case 'snapshot':
      case 'update':
        this.#set(item);
        break;
      case 'componentRemoved':
        this.#removeComponent(item.entity, item.component);
        break;
      case 'entityRemoved':
        this.#removeEntity(item.entity);
        break;
      default:
        // Of a later version: nothing is known of what it means.
    }
  }

  /** More of the snapshot is on its way; should there be nothing left to send after all, it was whole. */
  expectMore(completeIt) {
    clearTimeout(this.#overdue);
    this.#overdue = setTimeout(completeIt, PAGE_TIMEOUT_MS);
  }

  /** The snapshot is whole. */
  complete() {
    clearTimeout(this.#overdue);
    for (const [entity, components] of this.entities) {
      if (![...components.keys()].some((component) => this.#fresh.has(`${entity} ${component}`))) {
        this.#removeEntity(entity);
        continue;
      }
      for (const component of components.keys()) {
        if (!this.#fresh.has(`${entity} ${component}`)) {
          this.#removeComponent(entity, component);
        }
      }
    }
    this.#fresh.clear();
    this.isReady = true;
  }

  /** Tells of everything since the last time, at once. */
  flush(isInitial) {
    const changes = this.#changes;
    this.#changes = [];
    if (changes.length > 0 || isInitial) {
      this.#listeners.forEach((listener) => listener.onChange(changes, isInitial));
    }
    if (isInitial) {
      this.#waiting.splice(0).forEach(({ resolve }) => resolve());
    }
  }

  #set(sent) {
    const { entity, component } = sent;
    if (!this.isReady) {
      this.#fresh.add(`${entity} ${component}`);
    }
    let components = this.entities.get(entity);
    const before = components?.get(component);
    const item = new Item(sent, this.#decoders[component]);
    if (before?.isAs(item)) {
      return;
    }
    if (!components) {
      components = new Map();
      this.entities.set(entity, components);
    }
    components.set(component, item);
    this.count += before ? 0 : 1;
    this.#changes.push({ kind: before ? 'updated' : 'added', entity, component, item, before });
  }

  #removeComponent(entity, component) {
    const components = this.entities.get(entity);
    const before = components?.get(component);
    if (!before) {
      return;
    }
    components.delete(component);
    this.count--;
    this.#fresh.delete(`${entity} ${component}`);
    if (components.size === 0) {
      this.entities.delete(entity);
    }
    this.#changes.push({ kind: 'removed', entity, component, before });
  }

  #removeEntity(entity) {
    const components = this.entities.get(entity);
    if (!components) {
      return;
    }
    this.entities.delete(entity);
    this.count -= components.size;
    components.forEach((_, component) => this.#fresh.delete(`${entity} ${component}`));
    this.#changes.push({ kind: 'despawned', entity, components });
  }
}

/** One user's hold on a copy: a live map of what is subscribed to. */
export class Subscription {
  #copy;
  #release;
  #callbacks = new Set();
  #onError = new Set();
  #listener = {
    onChange: (changes, initial) => this.#callbacks.forEach((callback) => callback(changes, { initial })),
    onError: (error) => this.#onError.forEach((callback) => callback(error)),
  };

  constructor(copy, release) {
    this.#copy = copy;
    this.#release = release;
    copy.add(this.#listener);
  }

  get component() {
    return this.#copy.frame.component;
  }

  get isReady() {
    return this.#copy.isReady;
  }

  get ready() {
    return this.#copy.whenReady();
  }

  get error() {
    return this.#copy.error;
  }

  /** How many entities there are. */
  get size() {
    return this.#copy.entities.size;
  }

  has(entity) {
    return this.#copy.entities.has(String(entity));
  }

  item(entity, component = this.component) {
    return this.#copy.entities.get(String(entity))?.get(component);
  }

  get(entity, component = this.component) {
    return this.item(entity, component)?.value;
  }

  /** The items of an entity, by component. */
  components(entity) {
    return this.#copy.entities.get(String(entity)) ?? new Map();
  }

  keys() {
    return this.#copy.entities.keys();
  }

  * items() {
    for (const components of this.#copy.entities.values()) {
      yield* components.values();
    }
  }

  * entries() {
    for (const item of this.items()) {
      yield [item.entity, item.value, item.component];
    }
  }

  [Symbol.iterator]() {
    return this.entries();
  }

  /** Called after each batch that changed something; returns what ends it. */
  onChange(callback) {
    this.#callbacks.add(callback);
    return () => this.#callbacks.delete(callback);
  }

  /** Called when the server refuses it; returns what ends it. */
  onError(callback) {
    this.#onError.add(callback);
    return () => this.#onError.delete(callback);
  }

  /** Lets go. The last one to do so ends the subscription on the server. */
  close() {
    if (this.#listener) {
      this.#copy.remove(this.#listener);
      this.#listener = null;
      this.#callbacks.clear();
      this.#release();
    }
  }
}

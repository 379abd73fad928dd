/** Entities and components of a space, kept in step with a Muster cluster. See docs/browser.md. */

/** A u64 as decimal text: too large for a number. */
export type Entity = string;

/** As entity of a mutation: a new one, whose id comes with the answer. */
export declare const SPAWN: Entity;

export type Status =
  | 'Forbidden' | 'NotFound' | 'ValidationError' | 'InternalError' | 'Conflict' | 'InvalidParams'
  | 'AlreadyControlled' | 'NotControlled'
  | 'rate_limited' | 'Disconnected' | 'Timeout' | 'Closed'
  | (string & {});

export declare class SyncError extends Error {
  readonly status: Status;
  readonly entity?: Entity;
  /** Who has control, if that is why. */
  readonly by?: string | number;
  /** With `rate_limited`: how long to wait before the next one. */
  readonly retryAfterMs?: number;
}

/** One component of one entity, kept as it came. */
export declare class Item<T = unknown> {
  readonly entity: Entity;
  readonly component: string;
  /** Its position in the log of the space. */
  readonly revision?: number;
  /** What the server sent; of a component that the node does not know, its bincode in base64. */
  readonly raw: unknown;
  readonly isKnown: boolean;
  /** The bincode of a component that the node does not know. */
  readonly bytes?: Uint8Array;
  /** What the decoder makes of it, of `bytes` if the node does not know it. Without one, or if it fails, as it is. */
  readonly value: T;
}

export type Change<T = unknown> =
  | { kind: 'added'; entity: Entity; component: string; item: Item<T>; before?: undefined }
  | { kind: 'updated'; entity: Entity; component: string; item: Item<T>; before: Item<T> }
  | { kind: 'removed'; entity: Entity; component: string; before: Item<T> }
  /** The entity is gone, with all components that were held of it. */
  | { kind: 'despawned'; entity: Entity; components: ReadonlyMap<string, Item<T>> };

/** A live copy of what was subscribed to. */
export declare class Subscription<T = unknown> implements Iterable<[Entity, T, string]> {
  readonly component: string;
  /** Whether it is whole; while it is not, after a break, it holds what it held before. */
  readonly isReady: boolean;
  /** Resolves when it is whole; fails with a SyncError if the server refuses it. */
  readonly ready: Promise<void>;
  readonly error: SyncError | null;
  /** How many entities are held. */
  readonly size: number;
  has(entity: Entity): boolean;
  get(entity: Entity, component?: string): T | undefined;
  item(entity: Entity, component?: string): Item<T> | undefined;
  /** The items of one entity, by component. */
  components(entity: Entity): ReadonlyMap<string, Item<T>>;
  keys(): IterableIterator<Entity>;
  items(): IterableIterator<Item<T>>;
  entries(): IterableIterator<[Entity, T, string]>;
  [Symbol.iterator](): IterableIterator<[Entity, T, string]>;
  /** Called once for each batch, after all of it is in the copy. Returns what ends it. */
  onChange(callback: (changes: Change<T>[], batch: { initial: boolean }) => void): () => void;
  onError(callback: (error: SyncError) => void): () => void;
  /** Lets go; the last to do so ends the subscription on the server. */
  close(): void;
}

/** Control of an entity: nobody else may change it. */
export interface Hold {
  readonly entity: Entity;
  readonly isHeld: boolean;
  /** Settles when it is over, with why: `Released`, `Disconnected`, or a status of the server. */
  readonly lost: Promise<string>;
  release(): Promise<void>;
}

export type State = 'idle' | 'connecting' | 'open' | 'waiting' | 'stopped';

export interface StateDetail {
  state: State;
  /** With `waiting`: milliseconds until the next attempt. */
  wait?: number;
  /** With `waiting` and `stopped`: the close code and reason of the server. */
  code?: number;
  reason?: string;
  /** With `waiting`: it was not even opened. A browser does not say why; perhaps the node wants another token. */
  neverOpen?: boolean;
}

export interface Point {
  x?: number;
  y?: number;
  z?: number;
}

/** Which entities a subscription is about: all that is given has to hold. */
export interface Filter {
  /** A user id. */
  owner?: string;
  tag?: string;
  /** A ball, or a box; a coordinate that is left out of a box does not matter. */
  region?: { center: Point; radius: number } | { min: Point; max: Point };
}

export interface Options {
  /** Of the node: `wss://host/ws/sync`. Default: the one this page is from. */
  url?: string | URL;
  /** Default: `world`. */
  space?: string;
  /** If it is a function, it is asked again with each connection, and when the token ends soon. */
  token?: string | (() => string | Promise<string>);
  /** By component: what to make of what the server sends. */
  decoders?: Record<string, (raw: any, entity: Entity) => unknown>;
  /** How long an answer may take, in milliseconds. Default: 10 000. */
  timeout?: number;
  /** For where there is none, or to test. */
  WebSocket?: typeof WebSocket;
}

/** What a client can be told of: listen with `addEventListener`. */
export interface SyncEvents {
  state: CustomEvent<StateDetail>;
  /** Each frame, both ways. */
  frame: CustomEvent<{ text: string; frame: any; sent: boolean }>;
  /** What the server complained about that answers no call. */
  refused: CustomEvent<SyncError>;
  /** The token ends soon, and `token` did not give a newer one. */
  expiring: CustomEvent<{ expiresInMs: number }>;
}

export declare class MusterSync extends EventTarget {
  constructor(options?: Options);
  readonly state: State;
  readonly space: string;
  /** Connects, and stays connected until `close`. */
  connect(): this;
  /** Tries again at once, if it is waiting to. */
  retry(): void;
  close(): void;
  /** Goes on with a newer token of the same user. Resolves to when that ends, in ms since 1970. */
  refresh(token: string): Promise<number | undefined>;

  /** `component` may be `*`. The same asked twice is sent once. */
  subscribe<T = unknown>(component: string, entity?: Entity | null, filter?: Filter | null): Subscription<T>;

  /** Replaces a component, or with `patch` the given fields of it (RFC 7386). */
  mutate(
    entity: Entity,
    component: string,
    value: unknown,
    options?: { patch?: boolean; expectedRevision?: number },
  ): Promise<{ entity: Entity; revision?: number }>;
  spawn(component: string, value: unknown): Promise<{ entity: Entity; revision?: number }>;

  remove(entity: Entity, component: string): Promise<{ entity?: Entity; revision?: number }>;
  despawn(entity: Entity): Promise<{ entity?: Entity; revision?: number }>;

  query<R = unknown>(namespace: string, params?: unknown): Promise<R[]>;
  /** Called with all rows now, and again whenever they change. */
  watchQuery<R = unknown>(
    namespace: string,
    params: unknown,
    onRows: (rows: R[]) => void,
    onError?: (error: SyncError) => void,
  ): { close(): void };

  /** Takes control, and keeps it until `release` or until the connection breaks. */
  control(entity: Entity): Promise<Hold>;

  addEventListener<K extends keyof SyncEvents>(type: K, listener: (event: SyncEvents[K]) => void): void;
}

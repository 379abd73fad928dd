// One of the two sides: a space as one node tells it, with what one may do to it.

import { Admission } from './admission.js';
import { MusterSync } from './muster-sync.js';
import { access } from './token.js';
import { Scene } from './world-scene.js';

const SEND_MS = 50;
const STEP = 12;
const RATE_MS = 1000;

const stateTexts = { idle: 'Not connected', connecting: 'Connecting', open: 'Connected', waiting: 'Reconnecting', stopped: 'Disconnected' };

/**
 * Tells of `nodes`: those that the space names; detail: Map of address to name. And of `problem`: what keeps this page out
 * of the node that it is from; detail: a sentence, or ''.
 */
export class View extends EventTarget {
  #parts;
  #scene;
  #sync = null;
  #admission = null;
  #things = null;
  #hold = null;
  #isGrabbing = false;
  #target = null;
  #isSending = false;
  #updates = 0;
  #listed = '';

  constructor(root, name) {
    super();
    const find = (selector) => root.querySelector(selector);
    this.#parts = {
      node: find('.node'), state: find('.state'), stateText: find('.state-text'), canvas: find('canvas'), empty: find('.empty'),
      things: find('.things'), grab: find('.grab'), figures: find('.figures'), say: find('.say'),
    };
    root.setAttribute('aria-label', name);
    this.#scene = new Scene(this.#parts.canvas);
    this.#listen();
    setInterval(() => this.#count(), RATE_MS);
  }

  get select() {
    return this.#parts.node;
  }

  /**
   * @param {string} authority host and port of a node
   * @param isTrusted whether it may see the token: who can write into the space can name any address as that of a node
   */
  open(authority, isTrusted) {
    this.#letGo();
    this.#admission?.end();
    this.#sync?.close();
    this.#scene.clear();
    const url = new URL('/ws/sync', location.href);
    url.host = authority;
    this.#sync = new MusterSync({ url, token: () => (isTrusted ? access.token : '') });
    this.#admission = new Admission(this.#sync, (problem) => this.dispatchEvent(new CustomEvent('problem', { detail: problem })));
    this.#sync.addEventListener('state', ({ detail }) => this.#state(detail.state));
    this.#things = this.#sync.subscribe('*');
    this.#things.onChange((changes, { initial }) => this.#changed(changes, initial));
    this.#things.onError((failure) => this.#say(failure.message, 'bad'));
    this.#sync.connect();
  }

  draw(now) {
    this.#scene.draw(now);
  }

  // ---- what comes ----

  #state(state) {
    this.#parts.state.dataset.state = state;
    this.#parts.stateText.textContent = stateTexts[state];
  }

  #changed(changes, initial) {
    const now = performance.now();
    const renamed = new Set();
    this.#updates += initial ? 0 : changes.length;
    for (const { kind, entity, component, item } of changes) {
      if (kind === 'despawned' || (kind === 'removed' && component === 'Position')) {
        this.#scene.remove(entity);
      } else if (component === 'Position' && item) {
        this.#scene.position(entity, item.value, now);
        if (kind === 'added') {
          renamed.add(entity);
        }
      } else if (component === 'EntityControl') {
        this.#control(entity, kind !== 'removed', now);
      } else {
        renamed.add(entity);
      }
    }
    renamed.forEach((entity) => this.#scene.describe(entity, this.#things.components(entity)));
    if (renamed.size > 0 || changes.some(({ kind }) => kind === 'despawned')) {
      this.#tellNodes();
    }
    this.#parts.empty.hidden = this.#scene.things.size > 0 || !this.#things.isReady;
  }

  #control(entity, isHeld, now) {
    this.#scene.held[isHeld ? 'add' : 'delete'](entity);
    const place = this.#things.get(entity, 'Position');
    if (!isHeld && place) {
      // What others did to it just before one took it was not shown.
      this.#scene.position(entity, place, now);
    }
  }

  /** A node that takes part in the demo is an entity with the tag `node`, and its address as its id elsewhere. */
  #tellNodes() {
    const nodes = new Map();
    for (const { entity, component, raw } of this.#things.items()) {
      if (component === 'ExternalId' && this.#things.get(entity, 'Tags')?.tags.includes('node')) {
        nodes.set(raw.id, this.#things.get(entity, 'Name')?.name ?? raw.id);
      }
    }
    this.dispatchEvent(new CustomEvent('nodes', { detail: nodes }));
  }

  #count() {
    const things = this.#scene.things.size;
    const count = things === 1 ? '1 thing' : `${things} things`;
    this.#parts.figures.textContent = things === 0 ? '' : `${count} · ${this.#updates} changes/s`;
    this.#updates = 0;
    this.#parts.canvas.setAttribute('aria-label', `${count}, drawn where they are`);
    this.#list();
  }

  #list() {
    const all = [...this.#scene.things.values()].sort((a, b) => a.label.localeCompare(b.label, undefined, { numeric: true }));
    const listed = all.map(({ entity, label }) => `${entity} ${label}`).join('\n');
    // An open list must not change under somebody's hand.
    if (listed === this.#listed || document.activeElement === this.#parts.things) {
      return;
    }
    this.#listed = listed;
    const none = new Option(all.length === 0 ? 'Nothing here' : 'Choose a thing', '');
    this.#parts.things.replaceChildren(none, ...all.map(({ entity, label }) => new Option(label, entity)));
    this.#parts.things.value = this.#scene.chosen ?? '';
  }

  #say(text, kind = '') {
    this.#parts.say.className = `say ${kind}`;
    this.#parts.say.textContent = text;
  }

  // ---- what one does ----

  #listen() {
    const { canvas, things, grab } = this.#parts;
    canvas.addEventListener('pointerdown', (event) => this.#down(event));
    canvas.addEventListener('pointermove', (event) => this.#move(event));
    canvas.addEventListener('pointerup', () => this.#letGo());
    canvas.addEventListener('pointercancel', () => this.#letGo());
    canvas.addEventListener('keydown', (event) => this.#key(event));
    things.addEventListener('change', () => {
      this.#letGo();
      this.#choose(things.value || null);
    });
    grab.addEventListener('click', () => {
      if (this.#hold) {
        this.#letGo();
      } else {
        this.#grab(this.#scene.chosen);
        canvas.focus();
      }
    });
  }

  #placeOf({ clientX, clientY }) {
    const { left, top } = this.#parts.canvas.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }

  #down(event) {
    const thing = event.button === 0 ? this.#scene.near(this.#placeOf(event), performance.now()) : null;
    this.#choose(thing?.entity ?? null);
    if (thing) {
      this.#parts.canvas.setPointerCapture(event.pointerId);
      this.#parts.canvas.classList.add('holding');
      this.#grab(thing.entity);
    }
  }

  #move(event) {
    if (this.#isGrabbing && this.#parts.canvas.classList.contains('holding')) {
      this.#drag(this.#scene.toSpace(this.#placeOf(event)));
    }
  }

  #key(event) {
    const step = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, STEP], ArrowDown: [0, -STEP] }[event.key];
    if (event.key === 'Escape') {
      this.#letGo();
    } else if (step && this.#hold) {
      event.preventDefault();
      const { x, y } = this.#target ?? this.#scene.things.get(this.#hold.entity).to;
      this.#drag(this.#scene.toSpace(this.#scene.toPage({ x: x + step[0], y: y + step[1] })));
    }
  }

  #choose(entity) {
    this.#scene.chosen = entity;
    this.#parts.things.value = entity ?? '';
    this.#parts.grab.disabled = entity === null;
    this.#say('');
  }

  async #grab(entity) {
    const label = this.#scene.things.get(entity)?.label ?? entity;
    this.#isGrabbing = true;
    try {
      const hold = await this.#sync.control(entity);
      if (!this.#isGrabbing || this.#scene.chosen !== entity) {
        await hold.release();
        return;
      }
      this.#hold = hold;
      this.#scene.mine = entity;
      this.#parts.grab.textContent = 'Let go';
      this.#say(`You have ${label}.`);
      hold.lost.then((why) => this.#lost(hold, label, why));
      this.#send();
    } catch (failure) {
      this.#isGrabbing = false;
      this.#target = null;
      this.#say(failure.status === 'AlreadyControlled' ? `Somebody else has ${label}.` : `${label}: ${failure.message}`, 'bad');
    }
  }

  #lost(hold, label, why) {
    if (this.#hold === hold) {
      this.#hold = null;
      this.#isGrabbing = false;
      this.#target = null;
      this.#scene.mine = null;
      this.#parts.grab.textContent = 'Grab';
      this.#parts.canvas.classList.remove('holding');
      this.#say(why === 'Released' ? `You let ${label} go.` : `${label} was lost with the connection.`, why === 'Released' ? '' : 'bad');
    }
  }

  /** Where it is let go is where it stays, so the last place is sent first. */
  async #letGo() {
    this.#isGrabbing = false;
    this.#parts.canvas.classList.remove('holding');
    const hold = this.#hold;
    if (hold) {
      await this.#sendPlace(hold.entity);
      await hold.release().catch(() => {});
    }
  }

  #drag(place) {
    this.#target = place;
    const thing = this.#scene.things.get(this.#scene.chosen);
    if (thing && this.#hold) {
      thing.jumpTo(place.x, place.y, performance.now());
      this.#send();
    }
  }

  /** At most one at a time: what lies between is skipped. */
  async #send() {
    if (this.#isSending || !this.#target || !this.#hold) {
      return;
    }
    this.#isSending = true;
    await this.#sendPlace(this.#hold.entity);
    await new Promise((resolve) => setTimeout(resolve, SEND_MS));
    this.#isSending = false;
    this.#send();
  }

  async #sendPlace(entity) {
    const place = this.#target;
    this.#target = null;
    if (!place) {
      return;
    }
    try {
      await this.#sync.mutate(entity, 'Position', { x: round(place.x), y: round(place.y) }, { patch: true });
    } catch (failure) {
      this.#say(failure.message, 'bad');
    }
  }
}

const round = (value) => Math.round(value * 100) / 100;

// One entity with its components, live.

import { NOT_BY_HAND } from './inspector-dialogs.js';
import { Field, patchFor, typeOf } from './inspector-fields.js';
import { element } from './log.js';

/** A change comes back with the next tick; a node that takes longer has other troubles. */
const COME_BACK_MS = 2_000;

class Card {
  #details;
  #item;
  #field;
  #revision = element('span', 'revision quiet');
  #raw = element('pre', 'raw');
  #rawBox = element('details', 'raw-box');
  #problem = element('p', 'quiet card-note');
  /** The revision of the last change made here. */
  #written = 0;
  #onShown = null;

  constructor(name, item, details) {
    this.#details = details;
    this.name = name;
    this.isKnown = item.isKnown;
    this.root = element('section', 'card');
    const head = element('header', 'card-head');
    head.append(element('h3', '', name), this.#revision);
    if (!NOT_BY_HAND.has(name)) {
      const remove = Object.assign(element('button', 'icon-button remove', '×'), { type: 'button' });
      remove.setAttribute('aria-label', `Remove ${name}`);
      remove.setAttribute('aria-haspopup', 'dialog');
      remove.addEventListener('click', () => details.askToRemove(name));
      head.append(remove);
    }
    this.#raw.tabIndex = 0;
    this.#raw.setAttribute('aria-label', `${name} as JSON`);
    this.#rawBox.append(element('summary', '', 'As JSON'), this.#raw);
    this.#rawBox.addEventListener('toggle', () => this.#item && this.show(this.#item));
    const known = item.isKnown && details.isKnown(name);
    const byHand = known && !NOT_BY_HAND.has(name);
    if (!byHand) {
      this.#problem.textContent = known ? 'The node keeps this one: take control above.' : 'Of a type this node does not know: its bincode in base64.';
    }
    this.#field = new Field([], name, byHand ? (path, value) => this.#commit(path, value) : null);
    this.root.setAttribute('aria-label', name);
    this.root.append(head, this.#problem, this.#field.root, this.#rawBox);
    this.#problem.hidden = byHand;
  }

  show(item) {
    this.#item = item;
    this.#revision.textContent = item.revision === undefined ? '' : `revision ${item.revision}`;
    this.#field.update(item.raw);
    if (this.#rawBox.open) {
      this.#raw.textContent = JSON.stringify(item.raw, null, 2);
    }
    this.#onShown?.();
  }

  async #commit(path, value) {
    const isWithinList = path.some((key) => typeof key === 'number');
    if (isWithinList) {
      await this.#comeBack();
    }
    const { entity, component, raw, revision } = this.#item;
    // A list is sent as a whole, so nobody else may have changed it meanwhile.
    const options = { patch: typeOf(raw) === 'object', expectedRevision: isWithinList ? revision : undefined };
    const what = `${[component, ...path].join('.')} = ${JSON.stringify(value)}`;
    this.#written = (await this.#details.mutate(entity, component, patchFor(raw, path, value), options, what)) ?? 0;
    return 'Saved';
  }

  /** Waits until the last change made here is shown: who changes a list right after it would be in their own way. */
  #comeBack() {
    const isHere = () => this.#item.revision === undefined || this.#item.revision >= this.#written;
    return isHere()
      ? undefined
      : new Promise((resolve) => {
          const enough = setTimeout(resolve, COME_BACK_MS);
          this.#onShown = () => {
            if (isHere()) {
              clearTimeout(enough);
              this.#onShown = null;
              resolve();
            }
          };
        });
  }
}

/** The right half of the inspector. Needs of its surroundings: sync, the subscription, and where to write results. */
export class Details {
  #parts;
  #cards = new Map();
  #entity = null;
  #hold = null;
  #sync = null;
  #items = null;
  #schema = null;
  #results;
  #onRemove;

  /** @param onRemove called with an entity and the component that is to be taken from it */
  constructor(parts, results, onRemove) {
    this.#parts = parts;
    this.#results = results;
    this.#onRemove = onRemove;
    parts.hold.addEventListener('click', () => this.#toggleHold());
  }

  get entity() {
    return this.#entity;
  }

  /** Which components there are, by name; null if the node did not say. */
  set schema(names) {
    this.#schema = names;
  }

  attach(sync, items) {
    this.#hold?.release().catch(() => {});
    this.#hold = null;
    this.#sync = sync;
    this.#items = items;
    this.choose(null);
  }

  isKnown(component) {
    return this.#schema === null || this.#schema.has(component);
  }

  choose(entity) {
    if (entity !== this.#entity) {
      this.#letGo();
      this.#cards.clear();
      this.#parts.cards.replaceChildren();
      this.#say('');
    }
    this.#entity = entity;
    this.#parts.chosen.hidden = entity === null;
    this.#parts.unchosen.hidden = entity !== null;
  }

  /** Brings everything up to date; `node` is what the tree knows of it, if it is still there. */
  show(node) {
    const { title, id, parent, hold, despawn, add } = this.#parts;
    const components = this.#items.components(this.#entity);
    const isThere = components.size > 0;
    this.#parts.chosen.classList.toggle('gone', !isThere);
    [hold, despawn, add].forEach((button) => {
      button.disabled = !isThere;
    });
    if (!isThere) {
      this.#say('This entity is not here any more.', 'bad');
    }
    const label = node?.label ?? title.textContent;
    if (title.textContent !== label) {
      title.textContent = label;
    }
    id.textContent = label === `Entity ${this.#entity}` ? 'without a name' : `Entity ${this.#entity}`;
    parent.hidden = !node?.parentId;
    parent.textContent = node?.parentId ? `in ${node.problem === 'absent' ? node.parentId : node.parentLabel}` : '';
    parent.disabled = node?.problem === 'absent';
    this.#showCards(components);
  }

  #showCards(components) {
    for (const [name, card] of this.#cards) {
      if (components.get(name)?.isKnown !== card.isKnown) {
        card.root.remove();
        this.#cards.delete(name);
      }
    }
    for (const [name, item] of [...components].sort(([a], [b]) => (a === 'Name' ? -1 : b === 'Name' ? 1 : a < b ? -1 : 1))) {
      let card = this.#cards.get(name);
      if (!card) {
        card = new Card(name, item, this);
        this.#cards.set(name, card);
        this.#parts.cards.append(card.root);
      }
      card.show(item);
    }
  }

  async mutate(entity, component, value, options, what) {
    const { revision } = await this.#results.record(
      `${entity} ${what}`, () => this.#sync.mutate(entity, component, value, options));
    return revision;
  }

  /** Says something of the entity that is chosen, in a line that is read out. */
  tell(text, kind) {
    this.#say(text, kind);
  }

  askToRemove(component) {
    this.#onRemove(this.#entity, component);
  }

  // ---- control ----

  async #toggleHold() {
    const entity = this.#entity;
    if (this.#hold) {
      this.#letGo();
      this.#results.add(entity, 'Released', '', true);
      return;
    }
    try {
      const hold = await this.#sync.control(entity);
      this.#results.add(entity, 'Taken', 'nobody else may change it', true);
      if (entity !== this.#entity) {
        await hold.release();
        return;
      }
      this.#hold = hold;
      this.#parts.hold.textContent = 'Let go';
      this.#say('Yours: nobody else may change it until you let go.', 'good');
      hold.lost.then((why) => this.#lost(hold, why));
    } catch (failure) {
      this.#results.add(entity, failure.status, failure.message, false);
      this.#say(failure.status === 'AlreadyControlled' ? 'Somebody else has control of it.' : failure.message, 'bad');
    }
  }

  #letGo() {
    this.#hold?.release().catch(() => {});
  }

  #lost(hold, why) {
    if (hold === this.#hold) {
      this.#hold = null;
      this.#parts.hold.textContent = 'Take control';
      this.#say(why === 'Released' ? '' : 'Control of it was lost with the connection.', why === 'Released' ? '' : 'bad');
    }
  }

  #say(text, kind = '') {
    this.#parts.news.className = `entity-news ${kind}`;
    if (this.#parts.news.textContent !== text) {
      this.#parts.news.textContent = text;
    }
  }
}

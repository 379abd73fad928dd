// Making entities and components, and taking them away, in the space that is looked at.

import { Maker, Sure } from './inspector-dialogs.js';

const $ = (id) => document.getElementById(id);

const partsOf = (name, more = {}) => ({
  dialog: $(`${name}-dialog`), form: $(`${name}-form`), title: $(`${name}-title`), text: $(`${name}-text`),
  error: $(`${name}-error`), cancel: $(`${name}-cancel`), submit: $(`${name}-do`), ...more,
});

/** Each of its questions opens a dialog; what is then done is written down with the other changes. */
export class Making {
  #maker = new Maker(partsOf('make', {
    component: $('make-component'), fields: $('make-fields'), childLine: $('make-child-line'), child: $('make-child'),
    childLabel: $('make-child-label'),
  }));
  #sure = new Sure(partsOf('sure'));
  #model;
  #results;
  #show;
  #askSchema;
  #sync = null;
  /** What was made here, until it is told of: then it is shown. */
  #expected = null;

  /**
   * @param show what is to be seen: `made(entity, news)`, `changed()`, `gone(entity)`
   * @param askSchema has the node asked for its schema once more
   */
  constructor(model, results, show, askSchema) {
    this.#model = model;
    this.#results = results;
    this.#show = show;
    this.#askSchema = askSchema;
  }

  set schema(definitions) {
    this.#maker.schema = definitions;
  }

  attach(sync) {
    this.#sync = sync;
    this.#expected = null;
  }

  /** The space has changed. */
  refresh() {
    this.#sure.refresh();
    if (this.#expected !== null && this.#model.get(this.#expected.entity)) {
      const { entity, news } = this.#expected;
      this.#expected = null;
      this.#show.made(entity, news);
    }
  }

  // ---- making ----

  /** @param chosen the entity that may be its parent, or null */
  async spawn(chosen) {
    await this.#learn();
    const parent = this.#model.get(chosen) ?? null;
    const named = parent?.entity ?? this.#model.outside(null);
    this.#maker.spawn(parent, named, (...wanted) => this.#spawn(...wanted));
  }

  async #spawn(component, value, parent) {
    const sync = this.#sync;
    const { entity } = await this.#results.record(
      ({ entity: made = 'new' }) => `${made} ${component} = ${JSON.stringify(value)}`, () => sync.spawn(component, value));
    let news = '';
    if (parent !== null) {
      try {
        await this.#results.record(`${entity} Parent = ${parent}`, () => sync.mutate(entity, 'Parent', { parent }));
      } catch (failure) {
        // It is there all the same.
        news = `It has no parent: ${failure.message}`;
      }
    }
    return () => {
      this.#expected = sync === this.#sync ? { entity, news } : null;
      this.refresh();
    };
  }

  async add(entity) {
    await this.#learn();
    const node = this.#model.get(entity);
    if (!node) {
      return;
    }
    this.#maker.add(node.label, node.names, this.#model.outside(entity), async (component, value) => {
      // Only if it has none by now: somebody else may have been faster.
      const options = { expectedRevision: 0 };
      const what = `${entity} ${component} = ${JSON.stringify(value)}`;
      try {
        await this.#results.record(what, () => this.#sync.mutate(entity, component, value, options));
      } catch (failure) {
        throw failure.status === 'Conflict' ? new Error(`Somebody else was faster: it has a ${component} by now.`) : failure;
      }
      return () => this.#show.changed();
    });
  }

  async #learn() {
    if (!this.#maker.isReady) {
      await this.#askSchema();
    }
  }

  // ---- taking away ----

  remove(entity, component) {
    const { label, names } = this.#model.get(entity) ?? { label: entity, names: [component] };
    const text = () => ((this.#model.get(entity)?.names ?? names).length > 1
      ? 'Its value is gone then, on every node.'
      : 'It is the last one. An entity without components is still there, but nobody sees it.');
    this.#sure.ask(`Remove ${component} from “${label}”?`, text, 'Remove', async () => {
      await this.#results.record(`${entity} ${component} removed`, () => this.#sync.remove(entity, component));
      return () => this.#show.changed();
    });
  }

  despawn(entity) {
    const node = this.#model.get(entity);
    if (!node) {
      return;
    }
    let text = partingOf(node);
    const textNow = () => {
      text = this.#model.get(entity) ? partingOf(this.#model.get(entity)) : text;
      return text;
    };
    this.#sure.ask(`Despawn “${node.label}”?`, textNow, 'Despawn', async () => {
      await this.#results.record(`${entity} despawned`, () => this.#sync.despawn(entity));
      return () => this.#show.gone(entity);
    });
  }
}

const listed = (names) => (names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`);
const plural = (count, one, many) => (count === 1 ? `1 ${one}` : `${count} ${many}`);

/** What is to be said before an entity goes. */
function partingOf({ entity, names, children }) {
  const what = `Entity ${entity} goes on every node, with ${plural(names.length, 'component', 'components')}: ${listed(names)}.`;
  const stay = children.size === 1
    ? `Its child “${[...children][0].label}” stays, and stands at the top of the tree then.`
    : `Its ${children.size} children stay, and stand at the top of the tree then.`;
  return children.size === 0 ? what : `${what} ${stay}`;
}

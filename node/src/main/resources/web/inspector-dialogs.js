// What makes something and what takes something away: asked for in a dialog, and written down with the other changes.

import { Fields, Unusable } from './inspector-schema.js';

/** Components that the node keeps itself. */
export const NOT_BY_HAND = new Set(['EntityControl']);

/** Nothing is said to have happened twice: while the node is asked, the button cannot be pressed again. */
async function busy(button, work) {
  button.disabled = true;
  try {
    return await work();
  } finally {
    button.disabled = false;
  }
}

/** Asks for a component with its first value: for a new entity, or for one that there is. */
export class Maker {
  #parts;
  #schema = null;
  #fields = null;
  #taken = new Set();
  #entity = '';
  #make = null;

  /** @param parts dialog, form, title, text, component, fields, childLine, child, childLabel, error, cancel, submit */
  constructor(parts) {
    this.#parts = parts;
    parts.component.addEventListener('change', () => this.#show());
    parts.cancel.addEventListener('click', () => parts.dialog.close());
    parts.form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
  }

  /** The components there are, by name; null if the node did not say. */
  set schema(definitions) {
    this.#schema = definitions;
  }

  get isReady() {
    return this.#schema !== null;
  }

  /**
   * @param {{entity: string, label: string} | null} chosen whose child the new one may be
   * @param entity one that fields may name to begin with
   * @param make called with the component, its value and the parent or null; what it throws is shown, and what it
   *     returns is called once the dialog is closed
   */
  spawn(chosen, entity, make) {
    const { childLine, child, childLabel } = this.#parts;
    childLine.hidden = chosen === null;
    child.checked = false;
    childLabel.textContent = chosen ? `As a child of ${chosen.label}` : '';
    this.#open({
      title: 'New entity',
      text: 'It begins with one component; more are added to it afterwards.',
      does: 'Spawn',
      first: 'Name',
      taken: NOT_BY_HAND,
      entity,
      make: (component, value) => make(component, value, chosen && child.checked ? chosen.entity : null),
    });
  }

  /**
   * @param taken components that it has
   * @param entity one that fields may name to begin with
   */
  add(label, taken, entity, make) {
    this.#parts.childLine.hidden = true;
    this.#open({
      title: 'Add a component', text: `To ${label}.`, does: 'Add', first: '', taken: new Set([...taken, ...NOT_BY_HAND]), entity, make,
    });
  }

  #open({ title, text, does, first, taken, entity, make }) {
    const { dialog, component, error, submit } = this.#parts;
    this.#parts.title.textContent = title;
    this.#parts.text.textContent = text;
    submit.textContent = does;
    error.textContent = '';
    this.#taken = taken;
    this.#entity = entity;
    this.#make = make;
    const names = Object.keys(this.#schema ?? {}).filter((name) => !this.#taken.has(name)).sort();
    component.replaceChildren(...names.map((name) => new Option(name, name)));
    component.value = names.includes(first) ? first : (names[0] ?? '');
    submit.disabled = names.length === 0;
    if (names.length === 0) {
      error.textContent = this.#schema ? 'It has all components that this node knows.' : 'The node does not say which components there are.';
    }
    this.#show();
    dialog.showModal();
    (names.length > 1 ? component : dialog.querySelector('.make-fields input') ?? submit).focus();
  }

  #show() {
    const { component, fields, error } = this.#parts;
    const schema = this.#schema?.[component.value];
    this.#fields = schema ? new Fields(schema, this.#entity) : null;
    fields.replaceChildren(...(this.#fields ? [this.#fields.root] : []));
    if (schema) {
      error.textContent = '';
    }
  }

  async #submit() {
    const { dialog, component, error, submit } = this.#parts;
    error.textContent = '';
    try {
      const value = this.#fields.value;
      const after = await busy(submit, () => this.#make(component.value, value));
      // Before that nothing outside of the dialog can have the focus.
      dialog.close();
      after();
    } catch (failure) {
      error.textContent = failure.message;
      if (failure instanceof Unusable) {
        failure.input.focus();
      }
    }
  }
}

/** Asks whether one is sure, and says what it would come to, as long as that is open. */
export class Sure {
  #parts;
  #text = () => '';
  #act = null;

  /** @param parts dialog, form, title, text, error, cancel, submit */
  constructor(parts) {
    this.#parts = parts;
    parts.cancel.addEventListener('click', () => parts.dialog.close());
    parts.form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
  }

  /**
   * @param text gives what is said, again whenever something changes
   * @param act what it throws is shown, and what it returns is called once the dialog is closed
   */
  ask(title, text, does, act) {
    const { dialog, error, submit, cancel } = this.#parts;
    this.#parts.title.textContent = title;
    this.#text = text;
    this.#act = act;
    submit.textContent = does;
    error.textContent = '';
    this.refresh();
    if (!dialog.open) {
      dialog.showModal();
    }
    cancel.focus();
  }

  refresh() {
    const text = this.#text();
    if (this.#parts.text.textContent !== text) {
      this.#parts.text.textContent = text;
    }
  }

  async #submit() {
    const { dialog, error, submit } = this.#parts;
    error.textContent = '';
    try {
      const after = await busy(submit, this.#act);
      dialog.close();
      after();
    } catch (failure) {
      error.textContent = failure.message;
    }
  }
}

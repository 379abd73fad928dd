// The fields of a component: shown as they change, and changed one at a time. A field keeps the type that it has.

import { element } from './log.js';

const SAID_MS = 4000;
let labels = 0;

/**
 * What a typed text is as a value of the same type.
 * @returns {{value: unknown} | {problem: string}}
 */
export function parse(text, type) {
  if (type === 'string') {
    return { value: text };
  }
  if (type === 'null') {
    try {
      return { value: JSON.parse(text) };
    } catch {
      return { problem: 'must be JSON: a text is in double quotes' };
    }
  }
  const number = text.trim() === '' ? NaN : Number(text);
  if (!Number.isFinite(number)) {
    return { problem: 'must be a number' };
  }
  if (Number.isInteger(number) && !Number.isSafeInteger(number)) {
    return { problem: 'is too large to be sent exactly' };
  }
  return { value: number };
}

/** The merge patch (RFC 7386) that changes what is at `path`. A list is replaced as a whole: there is no patch within. */
export function patchFor(root, path, value) {
  if (path.length === 0) {
    return value;
  }
  const [key, ...rest] = path;
  if (Array.isArray(root)) {
    return root.map((each, index) => (index === key ? inside(each, rest, value) : each));
  }
  return { [key]: patchFor(root?.[key], rest, value) };
}

/** As {@link patchFor}, where everything has to be there. */
function inside(root, path, value) {
  if (path.length === 0) {
    return value;
  }
  const [key, ...rest] = path;
  if (Array.isArray(root)) {
    return root.map((each, index) => (index === key ? inside(each, rest, value) : each));
  }
  return { ...root, [key]: inside(root[key], rest, value) };
}

export const typeOf = (value) => {
  if (value === null || value === undefined) {
    return 'null';
  }
  return Array.isArray(value) ? 'list' : typeof value;
};

/** A value and what is within it. `commit(path, value)` promises that it was done. */
export class Field {
  #path;
  #name;
  #commit;
  #type = '';
  #inner = null;

  /**
   * @param {(string | number)[]} path from the component
   * @param {((path: (string | number)[], value: unknown) => Promise<string>) | null} commit null if it cannot be changed
   */
  constructor(path, name, commit) {
    this.#path = path;
    this.#name = name;
    this.#commit = commit;
    this.root = element('div', 'field');
  }

  update(value) {
    const type = typeOf(value);
    if (type !== this.#type) {
      this.#type = type;
      this.#inner = this.#build(type);
      this.root.className = `field ${type}`;
      this.root.replaceChildren(...this.#inner.parts);
    }
    this.#inner.update(value);
  }

  #build(type) {
    if (type === 'object' || type === 'list') {
      return new Group(this.#path, this.#name, this.#commit);
    }
    if (type === 'boolean') {
      return new Switch(this.#path, this.#name, this.#commit);
    }
    return new Line(this.#path, this.#name, this.#commit, type);
  }
}

/** An object or a list: its fields, in their order. */
class Group {
  #path;
  #commit;
  #fields = new Map();
  #body = element('div', 'group');
  #empty = element('p', 'quiet nothing', 'Nothing within');

  constructor(path, name, commit) {
    this.#path = path;
    this.#commit = commit;
    this.#body.setAttribute('role', 'group');
    this.#body.setAttribute('aria-label', name);
    // The component itself needs no heading: the card has one.
    this.parts = path.length === 0 ? [this.#body] : [element('span', 'field-name', name), this.#body];
  }

  update(value) {
    const entries = Array.isArray(value) ? value.map((each, index) => [index, each]) : Object.entries(value);
    const keys = new Set(entries.map(([key]) => key));
    for (const [key, field] of this.#fields) {
      if (!keys.has(key)) {
        field.root.remove();
        this.#fields.delete(key);
      }
    }
    for (const [key, each] of entries) {
      let field = this.#fields.get(key);
      if (!field) {
        field = new Field([...this.#path, key], String(key), this.#commit);
        this.#fields.set(key, field);
        this.#body.append(field.root);
      }
      field.update(each);
    }
    if (entries.length === 0) {
      this.#body.replaceChildren(this.#empty);
    } else {
      this.#empty.remove();
    }
  }
}

/** What every single value has: a label, and a line that says what became of a change. */
class Single {
  #said = 0;

  constructor(path, name, commit) {
    this.path = path;
    this.commit = commit;
    const id = `field-${++labels}`;
    this.label = element('label', 'field-name', name);
    this.label.htmlFor = id;
    this.note = element('p', 'field-note');
    this.note.id = `${id}-note`;
    this.note.setAttribute('role', 'status');
    this.id = id;
  }

  attach(input) {
    input.id = this.id;
    input.setAttribute('aria-describedby', this.note.id);
    input.disabled = this.commit === null;
    this.parts = [this.label, input, this.note];
  }

  say(kind, text) {
    clearTimeout(this.#said);
    this.note.className = `field-note ${kind}`;
    this.note.textContent = text;
    if (kind === 'good') {
      this.#said = setTimeout(() => this.say('', ''), SAID_MS);
    }
  }

  async send(value) {
    this.say('', 'Saving');
    try {
      this.say('good', await this.commit(this.path, value));
      return true;
    } catch (failure) {
      this.say('bad', failure.message);
      return false;
    }
  }
}

/** True or false: set at once. */
class Switch extends Single {
  #box = document.createElement('input');
  #value = false;
  #isSaving = false;

  constructor(path, name, commit) {
    super(path, name, commit);
    this.#box.type = 'checkbox';
    this.attach(this.#box);
    this.#box.addEventListener('change', () => this.#changed());
  }

  update(value) {
    this.#value = value;
    if (!this.#isSaving) {
      this.#box.checked = value;
    }
  }

  async #changed() {
    this.#isSaving = true;
    const done = await this.send(this.#box.checked);
    this.#isSaving = false;
    if (!done) {
      this.#box.checked = this.#value;
    }
  }
}

/** A text or a number: Enter sets it, Escape or leaving takes back what was typed. */
class Line extends Single {
  #input;
  #type;
  #value = null;
  #isDirty = false;

  constructor(path, name, commit, type) {
    super(path, name, commit);
    this.#type = type;
    this.#input = document.createElement('input');
    this.#input.type = 'text';
    this.#input.autocomplete = 'off';
    this.#input.spellcheck = false;
    if (type === 'number') {
      this.#input.inputMode = 'decimal';
    }
    this.attach(this.#input);
    this.#input.addEventListener('input', () => {
      this.#isDirty = true;
      this.#input.removeAttribute('aria-invalid');
      this.say('', 'Enter sets it, Escape takes it back');
    });
    this.#input.addEventListener('keydown', (event) => this.#key(event));
    this.#input.addEventListener('blur', () => this.#isDirty && this.#revert());
  }

  update(value) {
    this.#value = value;
    // What somebody is typing is theirs, whatever comes.
    if (!this.#isDirty && this.#input.value !== this.#text()) {
      this.#input.value = this.#text();
    }
  }

  #text() {
    return this.#value === null || this.#value === undefined ? 'null' : String(this.#value);
  }

  #revert() {
    this.#isDirty = false;
    this.#input.value = this.#text();
    this.#input.removeAttribute('aria-invalid');
    this.say('', '');
  }

  #key(event) {
    if (event.key === 'Escape' && this.#isDirty) {
      event.stopPropagation();
      this.#revert();
    } else if (event.key === 'Enter' && !event.isComposing) {
      event.preventDefault();
      this.#set();
    }
  }

  async #set() {
    const typed = this.#input.value;
    const { value, problem } = parse(typed, this.#type);
    if (problem) {
      this.#input.setAttribute('aria-invalid', 'true');
      this.say('bad', problem);
      return;
    }
    const done = await this.send(value);
    if (!done) {
      this.#input.setAttribute('aria-invalid', 'true');
    } else if (this.#input.value === typed) {
      // The new value comes right after the answer, and is shown then.
      this.#isDirty = false;
    }
  }
}

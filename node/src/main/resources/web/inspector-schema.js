// What the schema of a component says: a value to begin with that is valid, and fields to change it before it is sent.

import { parse } from './inspector-fields.js';
import { element } from './log.js';

let labels = 0;

/** A field that names another entity. */
const isEntity = ({ type, format }) => type === 'string' && format === 'uint64';

/**
 * A value that a node takes.
 * @param entity an entity that others may name
 */
export function defaultOf(schema, entity = '') {
  if (schema.enum) {
    return schema.enum[0];
  }
  switch (schema.type) {
    case 'object': {
      const required = new Set(schema.required ?? []);
      const named = Object.entries(schema.properties ?? {}).filter(([name]) => required.has(name));
      return Object.fromEntries(named.map(([name, each]) => [name, defaultOf(each, entity)]));
    }
    case 'array':
      return Array.from({ length: schema.minItems ?? 0 }, () => defaultOf(schema.items, entity));
    case 'boolean':
      return false;
    case 'integer':
      return nearestToZero(Math.ceil(schema.minimum ?? -Infinity), Math.floor(schema.maximum ?? Infinity));
    case 'number':
      return nearestToZero(schema.minimum ?? -Infinity, schema.maximum ?? Infinity);
    default:
      return isEntity(schema) ? entity : textOf(schema);
  }
}

const nearestToZero = (least, most) => Math.max(least, Math.min(0, most));

/** Not empty if that is possible: some texts must say something. */
function textOf({ contentEncoding, minLength = 0, maxLength = Infinity }) {
  return contentEncoding ? '' : 'New'.padEnd(minLength, '.').slice(0, maxLength);
}

/** What may be typed into a field, in words. */
function hintOf(schema) {
  const { minimum, maximum, minLength, maxLength, type, contentEncoding } = schema;
  if (isEntity(schema)) {
    return 'the number of an entity';
  }
  if (contentEncoding) {
    return 'bytes, in base64';
  }
  if (type === 'array') {
    return 'a list, in JSON';
  }
  if (type === 'integer' || type === 'number') {
    const kind = type === 'integer' ? 'a whole number' : '';
    const isUsual = Math.abs(minimum ?? Infinity) > 2 ** 31 - 1 && Math.abs(maximum ?? Infinity) > 2 ** 31 - 1;
    return isUsual || minimum === undefined || maximum === undefined ? kind : `${kind} from ${minimum} to ${maximum}`.trim();
  }
  if (maxLength !== undefined) {
    return minLength ? `${minLength} to ${maxLength} characters` : `up to ${maxLength} characters`;
  }
  return minLength ? `at least ${minLength} characters` : '';
}

/** A value that cannot be sent, with the field that it is in. */
export class Unusable extends Error {
  constructor(message, input) {
    super(message);
    this.input = input;
  }
}

/** One value: `root` goes into the page, `value` throws {@link Unusable}. */
class OneField {
  constructor(name, schema, value) {
    this.name = name;
    this.schema = schema;
    const id = `new-${++labels}`;
    this.root = element('div', 'new-field');
    const label = Object.assign(element('label', 'field-name', name), { htmlFor: id });
    this.input = this.#input(value);
    this.input.id = id;
    this.input.addEventListener('input', () => this.input.removeAttribute('aria-invalid'));
    this.root.append(label, this.input);
    const hint = hintOf(schema);
    if (hint) {
      const line = Object.assign(element('p', 'quiet new-hint', hint), { id: `${id}-hint` });
      this.input.setAttribute('aria-describedby', line.id);
      this.root.append(line);
    }
  }

  #input(value) {
    const { type, enum: choices } = this.schema;
    if (choices) {
      const select = element('select', '');
      select.append(...choices.map((each) => new Option(each, each)));
      return select;
    }
    if (type === 'boolean') {
      return Object.assign(element('input', ''), { type: 'checkbox', checked: value });
    }
    const input = element(type === 'array' ? 'textarea' : 'input', '');
    input.value = type === 'array' ? JSON.stringify(value) : String(value);
    input.autocomplete = 'off';
    input.spellcheck = false;
    if (type === 'integer' || type === 'number') {
      input.inputMode = 'decimal';
    }
    return input;
  }

  get value() {
    const { type, enum: choices } = this.schema;
    if (type === 'boolean') {
      return this.input.checked;
    }
    const typed = this.input.value;
    if (choices || type === 'string') {
      return typed;
    }
    const { value, problem } = parse(typed, type === 'array' ? 'null' : 'number');
    const why = problem ?? this.#problem(value);
    if (why) {
      this.input.setAttribute('aria-invalid', 'true');
      throw new Unusable(`${this.name} ${why}`, this.input);
    }
    return value;
  }

  /** Only what the page would get wrong itself: everything else is the node's to say. */
  #problem(value) {
    if (this.schema.type === 'array') {
      return Array.isArray(value) ? null : 'must be a list in brackets';
    }
    return this.schema.type === 'integer' && !Number.isInteger(value) ? 'must be a whole number' : null;
  }
}

/** A field that may be left out: it is, until somebody wants it. */
class Optional {
  #inner;
  #box = Object.assign(element('input', ''), { type: 'checkbox' });

  constructor(inner) {
    this.#inner = inner;
    this.name = inner.name;
    this.root = element('div', 'new-optional');
    const id = `new-${++labels}`;
    this.#box.id = id;
    const line = element('p', 'check');
    line.append(this.#box, Object.assign(element('label', '', `with ${inner.name}`), { htmlFor: id }));
    inner.root.hidden = true;
    this.#box.addEventListener('change', () => {
      inner.root.hidden = !this.#box.checked;
    });
    this.root.append(line, inner.root);
  }

  get value() {
    return this.#box.checked ? this.#inner.value : undefined;
  }
}

/** An object: its fields, in the order of the schema. The outermost one is the component. */
export class Fields {
  #fields;

  /** @param entity an entity that others may name */
  constructor(schema, entity, name = '') {
    this.name = name;
    this.root = element(name ? 'fieldset' : 'div', 'new-fields');
    if (name) {
      this.root.append(element('legend', 'field-name', name));
    }
    const required = new Set(schema.required ?? []);
    this.#fields = Object.entries(schema.properties ?? {}).map(([each, its]) => {
      const field = its.type === 'object' ? new Fields(its, entity, each) : new OneField(each, its, defaultOf(its, entity));
      return required.has(each) ? field : new Optional(field);
    });
    this.root.append(...this.#fields.map((field) => field.root));
    if (this.#fields.length === 0) {
      this.root.append(element('p', 'quiet', 'It has no fields: to have it is all there is.'));
    }
  }

  get value() {
    return Object.fromEntries(this.#fields.map((field) => [field.name, field.value]).filter(([, value]) => value !== undefined));
  }
}

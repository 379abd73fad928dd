// The entities of a space as a tree: who is whose child, what each is called, and which rows are to be seen.

const NAME_FIELDS = ['name', 'title', 'label', 'displayName', 'username', 'nickname'];
const byLabel = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/**
 * What people call an entity: its Name, else the first field of another component that looks like one.
 * @returns {[string, string | null]} the label, and the component it is from
 */
export function labelOf(entity, components) {
  let giver = null;
  for (const [component, { raw }] of inOrder(components)) {
    const field = raw !== null && typeof raw === 'object' ? NAME_FIELDS.find((each) => typeof raw[each] === 'string') : null;
    if (field) {
      giver ??= component;
      if (raw[field].trim()) {
        return [raw[field].trim(), component];
      }
    }
  }
  return [`Entity ${entity}`, giver];
}

function inOrder(components) {
  const name = components.get('Name');
  return name ? [['Name', name], ...components] : components;
}

/** The entity that a Parent component names, however the field is called; null if there is none. */
export function parentOf(components) {
  const raw = components.get('Parent')?.raw;
  const candidates = raw !== null && typeof raw === 'object' ? Object.values(raw) : [raw];
  const found = candidates.find((each) => /^\d{1,20}$/.test(String(each)));
  return found === undefined ? null : String(found);
}

class Node {
  children = new Set();
  sorted = null;
  above = null;
  parentId = null;
  /** Why it does not stand where its parent says: 'absent' or 'cycle'. */
  problem = null;
  changedAt = 0;
  isOpen = true;
  /** The component its label is from. */
  giver = null;
  waitsFor = null;

  constructor(entity) {
    this.entity = entity;
    this.label = '';
    this.text = '';
    this.names = [];
  }

  get inOrder() {
    this.sorted ??= [...this.children].sort((a, b) => byLabel.compare(a.label, b.label)
      || a.entity.length - b.entity.length || (a.entity < b.entity ? -1 : 1));
    return this.sorted;
  }
}

export class Model {
  #nodes = new Map();
  #root = new Node('');
  /** Children whose parent is not here, by the parent they wait for. */
  #waiting = new Map();
  #cyclic = new Set();
  /** How many entities have each component. */
  components = new Map();

  get size() {
    return this.#nodes.size;
  }

  get(entity) {
    return this.#nodes.get(entity);
  }

  /** Some entity that is not below another one, nor that one; '' if there is none. */
  outside(entity) {
    return this.#root.inOrder.find((node) => node.entity !== entity)?.entity ?? '';
  }

  clear() {
    this.#nodes.clear();
    this.#root = new Node('');
    this.#waiting.clear();
    this.#cyclic.clear();
    this.components.clear();
  }

  /**
   * Takes in a batch.
   * @param componentsOf the items of an entity by component, as they are now
   * @returns whether rows may have come, gone, moved or been renamed
   */
  apply(changes, componentsOf, now) {
    let moved = false;
    const shape = new Set();
    for (const { kind, entity, component } of changes) {
      const node = this.#nodes.get(entity);
      if (node) {
        node.changedAt = now;
      }
      // Most changes are new values of what is neither name nor parent: nothing moves by these.
      if (kind !== 'updated' || component === 'Parent' || component === node?.giver) {
        shape.add(entity);
      }
    }
    for (const entity of shape) {
      moved = this.#refresh(entity, componentsOf(entity), now) || moved;
    }
    return moved;
  }

  #refresh(entity, components, now) {
    let node = this.#nodes.get(entity);
    if (components.size === 0) {
      return node ? this.#remove(node) : false;
    }
    const isNew = !node;
    if (isNew) {
      node = new Node(entity);
      node.changedAt = now;
      this.#nodes.set(entity, node);
    }
    const renamed = this.#rename(node, components);
    const parentId = parentOf(components);
    if (isNew || parentId !== node.parentId) {
      node.parentId = parentId;
      this.#place(node);
      this.#settle(entity);
      return true;
    }
    return renamed;
  }

  #rename(node, components) {
    const [label, giver] = labelOf(node.entity, components);
    node.giver = giver;
    const names = [...components.keys()].sort();
    const same = label === node.label && names.join() === node.names.join();
    if (!same) {
      this.#count(node.names, -1);
      this.#count(names, 1);
      node.label = label;
      node.names = names;
      node.text = `${label} ${node.entity} ${names.join(' ')}`.toLowerCase();
      if (node.above) {
        node.above.sorted = null;
      }
    }
    return !same;
  }

  #count(names, by) {
    for (const name of names) {
      const count = (this.components.get(name) ?? 0) + by;
      if (count > 0) {
        this.components.set(name, count);
      } else {
        this.components.delete(name);
      }
    }
  }

  /** Below its parent; at the top if that is not here, or is itself below this one. */
  #place(node) {
    this.#leave(node);
    let above = this.#root;
    if (node.parentId !== null) {
      const parent = this.#nodes.get(node.parentId);
      if (!parent) {
        node.problem = 'absent';
        node.waitsFor = node.parentId;
        const waiting = this.#waiting.get(node.parentId) ?? new Set();
        this.#waiting.set(node.parentId, waiting.add(node));
      } else if (isWithin(parent, node)) {
        node.problem = 'cycle';
        this.#cyclic.add(node);
      } else {
        above = parent;
      }
    }
    node.above = above;
    above.children.add(node);
    above.sorted = null;
  }

  #leave(node) {
    if (node.above) {
      node.above.children.delete(node);
      node.above.sorted = null;
      node.above = null;
    }
    const waiting = this.#waiting.get(node.waitsFor);
    if (waiting?.delete(node) && waiting.size === 0) {
      this.#waiting.delete(node.waitsFor);
    }
    node.waitsFor = null;
    this.#cyclic.delete(node);
    node.problem = null;
  }

  /** Something moved: who waited for it, and who was in a circle, may stand elsewhere now. */
  #settle(entity) {
    const again = [...(this.#waiting.get(entity) ?? []), ...this.#cyclic];
    again.forEach((node) => this.#place(node));
  }

  #remove(node) {
    this.#nodes.delete(node.entity);
    this.#leave(node);
    this.#count(node.names, -1);
    [...node.children].forEach((child) => this.#place(child));
    this.#settle(node.entity);
    return true;
  }

  /**
   * The rows to be seen, in order.
   * @param words all of which a row's name, number or components must contain
   * @param component it must have, or ''
   */
  rows(words, component) {
    const filters = words.length > 0 || component !== '';
    const shown = filters ? this.#matching(words, component) : null;
    const rows = [];
    const childrenOf = (above) => (shown ? above.inOrder.filter((node) => shown.has(node)) : above.inOrder);
    // A stack of its own: a chain of parents may be longer than calls can be deep.
    const stack = [{ children: childrenOf(this.#root), at: 0 }];
    while (stack.length > 0) {
      const top = stack.at(-1);
      if (top.at === top.children.length) {
        stack.pop();
        continue;
      }
      const node = top.children[top.at++];
      const isParent = node.children.size > 0;
      const isOpen = isParent && (filters || node.isOpen);
      const isMatch = shown?.get(node) ?? true;
      rows.push({ node, level: stack.length, isParent, isOpen, position: top.at, of: top.children.length, isMatch });
      if (isOpen) {
        stack.push({ children: childrenOf(node), at: 0 });
      }
    }
    return rows;
  }

  /** Those that match, and with false those that are above one that does. */
  #matching(words, component) {
    const shown = new Map();
    for (const node of this.#nodes.values()) {
      if ((component === '' || node.names.includes(component)) && words.every((word) => node.text.includes(word))) {
        shown.set(node, true);
        for (let up = node.above; up && up !== this.#root && !shown.has(up); up = up.above) {
          shown.set(up, false);
        }
      }
    }
    return shown;
  }
}

function isWithin(node, ancestor) {
  for (let up = node; up; up = up.above) {
    if (up === ancestor) {
      return true;
    }
  }
  return false;
}

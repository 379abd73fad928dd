// A tree of which only the rows in sight are in the page, so that ten thousand cost what fifty do.

import { element } from './log.js';

const MORE_ROWS = 6;
const LIVE_MS = 500;
const TYPED_TOGETHER_MS = 700;
const count = new Intl.NumberFormat();

/** Tells of `choose` and `remove` (detail: the entity) and `toggle` (detail: the node and whether it is to be open). */
export class Tree extends EventTarget {
  #scroller;
  #list;
  #rowHeight = 32;
  #rows = [];
  #index = new Map();
  #pool = new Map();
  #active = null;
  #chosen = null;
  #typed = '';
  #typedAt = 0;

  constructor(scroller) {
    super();
    this.#scroller = scroller;
    this.#list = element('div', 'rows');
    this.#list.setAttribute('role', 'none');
    scroller.append(this.#list);
    scroller.addEventListener('scroll', () => this.paint(), { passive: true });
    scroller.addEventListener('keydown', (event) => this.#key(event));
    scroller.addEventListener('click', (event) => this.#click(event));
    scroller.addEventListener('focus', () => this.#active ?? this.#activate(0));
    new ResizeObserver(() => this.paint()).observe(scroller);
  }

  /** Other rows: those that are still there keep their place in the page, so that nothing is read out again. */
  show(rows) {
    this.#rows = rows;
    this.#index = new Map(rows.map((row, index) => [row.node.entity, index]));
    this.#rowHeight = parseFloat(getComputedStyle(this.#scroller).getPropertyValue('--row')) || 32;
    this.#list.style.height = `${rows.length * this.#rowHeight}px`;
    if (this.#active !== null && !this.#index.has(this.#active)) {
      this.#active = null;
    }
    this.paint();
  }

  /** The entity below another in the list, or above it if that is the last; null if there is none. */
  neighbour(entity) {
    const at = this.#index.get(entity);
    return at === undefined ? null : (this.#rows[at + 1] ?? this.#rows[at - 1])?.node.entity ?? null;
  }

  choose(entity, reveal = false) {
    this.#chosen = entity;
    if (entity !== null && this.#index.has(entity)) {
      this.#active = entity;
      if (reveal) {
        this.#reveal(this.#index.get(entity));
      }
    }
    this.paint();
  }

  /** Brings the rows in sight up to date. */
  paint(now = performance.now()) {
    const { scrollTop, clientHeight } = this.#scroller;
    const first = Math.max(0, Math.floor(scrollTop / this.#rowHeight) - MORE_ROWS);
    const last = Math.min(this.#rows.length, Math.ceil((scrollTop + clientHeight) / this.#rowHeight) + MORE_ROWS);
    const gone = new Set(this.#pool.keys());
    for (let i = first; i < last; i++) {
      gone.delete(this.#rows[i].node.entity);
    }
    const free = [...gone].map((entity) => this.#take(entity));
    for (let i = first; i < last; i++) {
      const { entity } = this.#rows[i].node;
      let row = this.#pool.get(entity);
      if (!row) {
        row = free.pop() ?? this.#make();
        row.line.id = `row-${entity}`;
        row.line.dataset.entity = entity;
        this.#pool.set(entity, row);
      }
      this.#fill(row, this.#rows[i], i, now);
    }
    free.forEach((row) => row.line.remove());
    this.#tellActive();
  }

  #take(entity) {
    const row = this.#pool.get(entity);
    this.#pool.delete(entity);
    return row;
  }

  #make() {
    const line = element('div', 'row');
    line.setAttribute('role', 'treeitem');
    const twist = element('span', 'twist');
    twist.setAttribute('aria-hidden', 'true');
    const row = { line, twist, label: element('span', 'row-label'), note: element('span', 'row-note') };
    const live = element('span', 'live');
    live.setAttribute('aria-hidden', 'true');
    line.append(twist, row.label, row.note, live);
    this.#list.append(line);
    return row;
  }

  #fill(row, { node, level, isParent, isOpen, position, of, isMatch }, index, now) {
    const { line } = row;
    line.style.transform = `translateY(${index * this.#rowHeight}px)`;
    line.style.setProperty('--level', String(Math.min(level, 24) - 1));
    set(line, 'aria-level', level);
    set(line, 'aria-posinset', position);
    set(line, 'aria-setsize', of);
    set(line, 'aria-expanded', isParent ? isOpen : null);
    set(line, 'aria-selected', node.entity === this.#chosen);
    line.classList.toggle('active', node.entity === this.#active);
    line.classList.toggle('beside', !isMatch);
    line.classList.toggle('changing', now - node.changedAt < LIVE_MS);
    say(row.label, node.label);
    say(row.note, noteOf(node));
    row.note.classList.toggle('problem', node.problem !== null);
  }

  #tellActive() {
    set(this.#scroller, 'aria-activedescendant', this.#pool.has(this.#active) ? `row-${this.#active}` : null);
  }

  // ---- pointer and keyboard ----

  #click(event) {
    const line = event.target.closest('.row');
    const row = line && this.#rows[this.#index.get(line.dataset.entity)];
    if (!row) {
      return;
    }
    this.#active = row.node.entity;
    if (event.target.closest('.twist') && row.isParent) {
      this.#toggle(row, !row.isOpen);
    } else {
      this.#choose(row);
    }
  }

  #key(event) {
    const at = this.#index.get(this.#active) ?? -1;
    const row = this.#rows[at];
    const page = Math.max(1, Math.floor(this.#scroller.clientHeight / this.#rowHeight) - 1);
    const moves = {
      ArrowDown: () => this.#activate(at + 1),
      ArrowUp: () => this.#activate(Math.max(0, at - 1)),
      PageDown: () => this.#activate(at + page),
      PageUp: () => this.#activate(Math.max(0, at - page)),
      Home: () => this.#activate(0),
      End: () => this.#activate(this.#rows.length - 1),
      ArrowRight: () => row && this.#inwards(row, at),
      ArrowLeft: () => row && this.#outwards(row, at),
      Enter: () => row && this.#choose(row),
      ' ': () => row && this.#choose(row),
      Delete: () => row && this.dispatchEvent(new CustomEvent('remove', { detail: row.node.entity })),
    };
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    if (moves[event.key]) {
      event.preventDefault();
      moves[event.key]();
    } else if (event.key.length === 1) {
      this.#typeAhead(event.key.toLowerCase(), at, event.timeStamp);
    }
  }

  #inwards(row, at) {
    if (row.isParent && !row.isOpen) {
      this.#toggle(row, true);
    } else if (row.isParent) {
      this.#activate(at + 1);
    }
  }

  #outwards(row, at) {
    if (row.isOpen) {
      this.#toggle(row, false);
      return;
    }
    for (let i = at - 1; i >= 0; i--) {
      if (this.#rows[i].level < row.level) {
        this.#activate(i);
        return;
      }
    }
  }

  #typeAhead(letter, at, when) {
    this.#typed = when - this.#typedAt < TYPED_TOGETHER_MS ? this.#typed + letter : letter;
    this.#typedAt = when;
    const from = this.#typed.length > 1 ? at : at + 1;
    for (let i = 0; i < this.#rows.length; i++) {
      const index = (Math.max(0, from) + i) % this.#rows.length;
      if (this.#rows[index].node.label.toLowerCase().startsWith(this.#typed)) {
        this.#activate(index);
        return;
      }
    }
  }

  #activate(index) {
    const row = this.#rows[Math.min(index, this.#rows.length - 1)];
    if (row) {
      this.#active = row.node.entity;
      this.#reveal(this.#index.get(this.#active));
      this.paint();
    }
  }

  #reveal(index) {
    const top = index * this.#rowHeight;
    const { scrollTop, clientHeight } = this.#scroller;
    if (top < scrollTop) {
      this.#scroller.scrollTop = top;
    } else if (top + this.#rowHeight > scrollTop + clientHeight) {
      this.#scroller.scrollTop = top + this.#rowHeight - clientHeight;
    }
  }

  #choose(row) {
    this.dispatchEvent(new CustomEvent('choose', { detail: row.node.entity }));
  }

  #toggle(row, open) {
    this.dispatchEvent(new CustomEvent('toggle', { detail: { node: row.node, open } }));
  }
}

function noteOf(node) {
  if (node.problem === 'absent') {
    return `parent ${node.parentId} is not here`;
  }
  if (node.problem === 'cycle') {
    return 'its own ancestor';
  }
  const few = node.children.size === 1 ? '1 child' : `${count.format(node.children.size)} children`;
  return node.children.size > 0 ? few : node.names.filter((name) => name !== 'Name' && name !== 'Parent').join(' · ');
}

/** Only what differs is written: most of ten thousand rows are as they were. */
function set(target, attribute, value) {
  if (value === null) {
    target.removeAttribute(attribute);
  } else if (target.getAttribute(attribute) !== String(value)) {
    target.setAttribute(attribute, value);
  }
}

function say(target, text) {
  if (target.textContent !== text) {
    target.textContent = text;
  }
}

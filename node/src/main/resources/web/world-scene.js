// The things of a space that have a place, drawn between where they were and where they are.

import { labelOf } from './inspector-model.js';

const LEAST_STEP_MS = 50;
const LONGEST_STEP_MS = 600;
const REACH = 22;

/** Colours of kinds, chosen so that they can be told apart on light and dark and by people who see few colours. */
const PALETTE = {
  light: ['#0b66b8', '#b3460b', '#00795a', '#a3257d', '#7a6400', '#4b4fd6', '#3d5a6c', '#8a2b2b'],
  dark: ['#69b5ff', '#ff9b5e', '#4fd8ad', '#f08fce', '#e5c94a', '#a3a6ff', '#a5c3d4', '#ff9c9c'],
};

class Thing {
  constructor(entity, x, y, now) {
    this.entity = entity;
    this.label = '';
    this.kind = 0;
    this.from = { x, y };
    this.to = { x, y };
    this.at = now;
    this.step = 200;
  }

  /** Where it is to be seen. */
  place(now) {
    const part = Math.min(1, (now - this.at) / this.step);
    return { x: this.from.x + (this.to.x - this.from.x) * part, y: this.from.y + (this.to.y - this.from.y) * part };
  }

  moveTo(x, y, now) {
    this.from = this.place(now);
    this.to = { x, y };
    this.step = Math.min(LONGEST_STEP_MS, Math.max(LEAST_STEP_MS, now - this.at));
    this.at = now;
  }

  jumpTo(x, y, now) {
    this.from = { x, y };
    this.to = { x, y };
    this.at = now;
  }
}

/** What is drawn; knows nothing of where it is from. */
export class Scene {
  /** @type {Map<string, Thing>} */
  things = new Map();
  /** Whose control others have. */
  held = new Set();
  chosen = null;
  mine = null;
  #canvas;
  #bounds = { left: 0, bottom: 0, right: 1000, top: 800 };
  #scale = 1;
  #radius = 6;
  #style = null;

  constructor(canvas) {
    this.#canvas = canvas;
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      this.#style = null;
    });
  }

  clear() {
    this.things.clear();
    this.held.clear();
    this.mine = null;
  }

  position(entity, { x, y }, now) {
    const thing = this.things.get(entity);
    if (!thing) {
      this.things.set(entity, new Thing(entity, x, y, now));
    } else if (entity !== this.mine) {
      thing.moveTo(x, y, now);
    }
    // It grows with what is in it, and never shrinks: what is looked at must not jump about.
    const { left, bottom, right, top } = this.#bounds;
    this.#bounds = { left: Math.min(left, x), bottom: Math.min(bottom, y), right: Math.max(right, x), top: Math.max(top, y) };
  }

  describe(entity, components) {
    const thing = this.things.get(entity);
    if (thing) {
      [thing.label] = labelOf(entity, components);
      thing.kind = kindOf(components.get('Tags')?.raw?.tags ?? []);
    }
  }

  remove(entity) {
    this.things.delete(entity);
    this.held.delete(entity);
  }

  // ---- places ----

  #fit() {
    const { clientWidth, clientHeight } = this.#canvas;
    const ratio = devicePixelRatio || 1;
    const width = Math.round(clientWidth * ratio);
    const height = Math.round(clientHeight * ratio);
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      this.#canvas.width = width;
      this.#canvas.height = height;
    }
    const { left, right, bottom, top } = this.#bounds;
    this.#scale = Math.min((clientWidth - 24) / (right - left), (clientHeight - 24) / (top - bottom));
    this.#radius = clientWidth < 480 ? 4 : 6;
    return ratio;
  }

  /** In pixels of the page, from the canvas's corner; y of a space is up. */
  toPage({ x, y }) {
    const { left, top } = this.#bounds;
    return { x: 12 + (x - left) * this.#scale, y: 12 + (top - y) * this.#scale };
  }

  toSpace({ x, y }) {
    const { left, right, top, bottom } = this.#bounds;
    const clamp = (value, least, most) => Math.min(most, Math.max(least, value));
    return {
      x: clamp(left + (x - 12) / this.#scale, left, right),
      y: clamp(top - (y - 12) / this.#scale, bottom, top),
    };
  }

  /** The thing nearest to a place of the page, if one is within reach. */
  near(place, now) {
    let found = null;
    let best = REACH ** 2;
    for (const thing of this.things.values()) {
      const { x, y } = this.toPage(thing.place(now));
      const distance = (x - place.x) ** 2 + (y - place.y) ** 2;
      if (distance < best) {
        best = distance;
        found = thing;
      }
    }
    return found;
  }

  // ---- drawing ----

  draw(now) {
    const ratio = this.#fit();
    const context = this.#canvas.getContext('2d');
    this.#style ??= styleOf(this.#canvas);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, this.#canvas.clientWidth, this.#canvas.clientHeight);
    for (const thing of this.things.values()) {
      this.#dot(context, thing, now);
    }
    for (const entity of this.held) {
      this.#ring(context, this.things.get(entity), now, this.#style.wait, 'held');
    }
    this.#ring(context, this.things.get(this.chosen), now, this.#style.accent, '');
  }

  #dot(context, thing, now) {
    const { x, y } = this.toPage(thing.place(now));
    context.fillStyle = this.#style.palette[thing.kind % this.#style.palette.length];
    shape(context, x, y, thing.kind, this.#radius);
  }

  #ring(context, thing, now, colour, note) {
    if (!thing) {
      return;
    }
    const { x, y } = this.toPage(thing.place(now));
    context.strokeStyle = colour;
    context.lineWidth = 2.5;
    context.beginPath();
    context.arc(x, y, this.#radius + 6, 0, 2 * Math.PI);
    context.stroke();
    this.#label(context, note && thing.entity !== this.mine ? `${thing.label} (${note})` : thing.label, x, y);
  }

  #label(context, text, x, y) {
    context.font = '600 13px system-ui, sans-serif';
    const width = context.measureText(text).width + 12;
    const left = Math.min(this.#canvas.clientWidth - width - 4, Math.max(4, x - width / 2));
    const top = y > 44 ? y - 38 : y + 16;
    context.fillStyle = this.#style.paper;
    context.strokeStyle = this.#style.line;
    context.lineWidth = 1;
    context.beginPath();
    context.roundRect(left, top, width, 22, 7);
    context.fill();
    context.stroke();
    context.fillStyle = this.#style.ink;
    context.textBaseline = 'middle';
    context.fillText(text, left + 6, top + 11.5);
  }
}

/** Kinds differ in form too: colour alone tells some people nothing. */
function shape(context, x, y, kind, radius) {
  context.beginPath();
  if (kind % 4 === 0) {
    context.arc(x, y, radius, 0, 2 * Math.PI);
  } else if (kind % 4 === 1) {
    context.rect(x - radius + 1, y - radius + 1, 2 * radius - 2, 2 * radius - 2);
  } else {
    const up = kind % 4 === 2 ? -1 : 1;
    context.moveTo(x, y + up * (radius + 1));
    context.lineTo(x + radius, y - up * (radius - 1));
    context.lineTo(x - radius, y - up * (radius - 1));
  }
  context.fill();
}

function kindOf(tags) {
  let hash = 7;
  for (const character of tags[0] ?? '') {
    hash = (hash * 31 + character.codePointAt(0)) >>> 0;
  }
  return hash % 8;
}

function styleOf(canvas) {
  const style = getComputedStyle(canvas);
  const of = (name) => style.getPropertyValue(name).trim();
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  return {
    palette: dark ? PALETTE.dark : PALETTE.light, ink: of('--ink'), paper: of('--paper'), line: of('--line'), accent: of('--accent'), wait: of('--wait'),
  };
}

import { access } from './token.js';
import { View } from './world-view.js';

const FRAME_MS = 1000 / 30;

/** By host and port; this page's own node is always one of them. */
const nodes = new Map([[location.host, 'this node']]);
const views = ['Left side', 'Right side'].map((name) => {
  const root = document.getElementById('view').content.cloneNode(true).firstElementChild;
  document.getElementById('views').append(root);
  return new View(root, name);
});
let isStill = false;
let drawnAt = 0;

/** Until somebody chooses, the right side is another node if there is one. */
let isChosen = false;

function show() {
  for (const view of views) {
    const wanted = view.select.value;
    view.select.replaceChildren(...[...nodes].map(([authority, name]) => new Option(name === authority ? name : `${name}, ${authority}`, authority)));
    view.select.value = wanted || location.host;
  }
}

function learn(found) {
  const before = nodes.size;
  for (const [address, name] of found) {
    try {
      const { host } = new URL(address);
      nodes.set(host, name);
    } catch {
      // Of something else.
    }
  }
  if (nodes.size !== before || [...found.values()].some((name) => !shownNames.has(name))) {
    shownNames = new Set(found.values());
    show();
  }
  const others = [...nodes.keys()].filter((authority) => authority !== location.host);
  // A token is shown to another node only if somebody chooses that, so without it there would be nothing to see.
  if (!isChosen && others.length > 0 && !access.token) {
    isChosen = true;
    choose(views[1], others.at(-1));
  }
}

let shownNames = new Set();

/** @param byHand whether somebody chose it, and not the space or an address */
function choose(view, authority, byHand = false) {
  view.select.value = authority;
  view.open(authority, byHand || authority === location.host);
}

/** What keeps a side out. */
const problems = new Map();
document.getElementById('give-token').addEventListener('click', () => access.ask(document.getElementById('banner-text').textContent));

for (const view of views) {
  view.addEventListener('nodes', ({ detail }) => learn(detail));
  view.select.addEventListener('change', () => {
    isChosen = true;
    choose(view, view.select.value, true);
  });
  view.addEventListener('problem', ({ detail }) => {
    problems.set(view, detail);
    const [problem = ''] = [...problems.values()].filter(Boolean);
    document.getElementById('banner').hidden = !problem;
    document.getElementById('banner-text').textContent = problem;
  });
}

function tick(now) {
  if (!isStill && now - drawnAt >= FRAME_MS - 4) {
    drawnAt = now;
    views.forEach((view) => view.draw(now));
  }
  requestAnimationFrame(tick);
}

document.getElementById('still').addEventListener('click', ({ currentTarget }) => {
  isStill = !isStill;
  currentTarget.setAttribute('aria-pressed', String(isStill));
  currentTarget.textContent = isStill ? 'Move again' : 'Stand still';
});

const other = new URLSearchParams(location.search).get('other');
if (other) {
  nodes.set(other, other);
}
show();
choose(views[0], location.host);
if (other) {
  isChosen = true;
  choose(views[1], other);
} else {
  choose(views[1], location.host);
}
requestAnimationFrame(tick);

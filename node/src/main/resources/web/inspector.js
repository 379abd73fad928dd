import { Admission } from './admission.js';
import { Details } from './inspector-details.js';
import { Frames, Results } from './inspector-logs.js';
import { Making } from './inspector-making.js';
import { Model } from './inspector-model.js';
import { Tree } from './inspector-tree.js';
import { MusterSync } from './muster-sync.js';
import { access } from './token.js';

const $ = (id) => document.getElementById(id);

const REBUILD_MS = 200;
const PAINT_MS = 100;
const RATE_MS = 1000;
const count = new Intl.NumberFormat();

const model = new Model();
const tree = new Tree($('tree'));
const frames = new Frames($('frames'), $('whole'));
const results = new Results($('results'), $('no-results'));
const details = new Details({
  chosen: $('chosen'), unchosen: $('unchosen'), title: $('entity-title'), id: $('entity-id'), parent: $('entity-parent'),
  hold: $('hold'), despawn: $('despawn'), add: $('add'), news: $('entity-news'), cards: $('cards'),
}, results, (entity, component) => making.remove(entity, component));
const making = new Making(model, results, { made: showMade, changed: () => $('entity-title').focus(), gone: leave }, askSchema);

let sync = null;
let items = null;
let admission = null;
let mustRebuild = false;
let mustPaint = false;
let rebuiltAt = 0;
let paintedAt = 0;
let changesSince = 0;
let changesPerSecond = 0;

// ---- the address says which space and which entity ----

const address = () => new URLSearchParams(location.hash.slice(1));

function goTo(space, entity) {
  const parameters = new URLSearchParams({ space });
  if (entity !== null) {
    parameters.set('entity', entity);
  }
  history.replaceState(null, '', `#${parameters}`);
}

function knownSpaces() {
  try {
    return JSON.parse(localStorage.getItem('muster.spaces') ?? '[]');
  } catch {
    return [];
  }
}

function remember(space) {
  const known = [...new Set([space, 'world', ...knownSpaces()])].slice(0, 20);
  try {
    localStorage.setItem('muster.spaces', JSON.stringify(known));
  } catch {
    // Then they are not remembered.
  }
  $('spaces').replaceChildren(...known.map((each) => Object.assign(document.createElement('option'), { value: each })));
}

// ---- the space ----

function open(space) {
  items?.close();
  admission?.end();
  sync?.close();
  model.clear();
  frames.clear();
  sync = new MusterSync({ space, token: () => access.token });
  admission = new Admission(sync, (problem) => showBanner('stopped', problem, problem !== ''));
  items = sync.subscribe('*');
  details.attach(sync, items);
  making.attach(sync);
  sync.addEventListener('state', ({ detail }) => showState(detail));
  sync.addEventListener('frame', ({ detail }) => frames.add(detail.text, detail.sent));
  sync.addEventListener('refused', ({ detail }) => results.add('', detail.status, detail.message, false));
  items.onChange(onChange);
  items.onError((failure) => showBanner('stopped', `The node refuses it: ${failure.message}`));
  $('space').value = space;
  document.title = `${space} – Muster inspector`;
  remember(space);
  mustRebuild = true;
  sync.connect();
}

function onChange(changes, { initial }) {
  changesSince += initial ? 0 : changes.length;
  mustRebuild = model.apply(changes, (entity) => items.components(entity), performance.now()) || initial || mustRebuild;
  mustPaint = true;
}

/** Which types the node knows. Without an answer everything may be changed, and the node says no if it does not agree. */
async function askSchema() {
  try {
    const answer = await fetch('/sync/schema', { headers: { Accept: 'application/json' } });
    const schema = answer.ok ? await answer.json() : null;
    showSchema(schema?.$defs ?? null);
  } catch {
    showSchema(null);
  }
}

function showSchema(definitions) {
  details.schema = definitions && new Set(Object.keys(definitions));
  making.schema = definitions;
}

// ---- drawing ----

function words() {
  return $('filter').value.toLowerCase().split(/\s+/).filter(Boolean);
}

function rebuild() {
  const rows = model.rows(words(), $('component').value);
  tree.show(rows);
  showComponents();
  const matches = rows.filter((row) => row.isMatch).length;
  const filters = $('filter').value.trim() !== '' || $('component').value !== '';
  const shown = filters ? `${count.format(matches)} of ${count.format(model.size)} entities` : '';
  if ($('shown').textContent !== shown) {
    $('shown').textContent = shown;
  }
  $('tree').hidden = rows.length === 0;
  $('none').hidden = rows.length > 0 || !items.isReady;
  $('none-title').textContent = filters ? 'Nothing matches' : 'This space is empty';
  $('none-text').textContent = filters
    ? 'No entity has all of that in its name, its number or the names of its components.'
    : 'What is spawned in it, on any node, appears here.';
}

function showComponents() {
  const select = $('component');
  const names = [...model.components.keys()].sort();
  const wanted = select.value;
  if (wanted && !names.includes(wanted)) {
    names.push(wanted);
  }
  const texts = names.map((name) => `${name} (${model.components.get(name) ?? 0})`);
  const isSame = texts.length === select.options.length - 1 && texts.every((text, i) => select.options[i + 1].textContent === text);
  // An open list must not change under the pointer.
  if (isSame || document.activeElement === select) {
    return;
  }
  select.replaceChildren(select.options[0], ...names.map((name, i) => {
    const option = document.createElement('option');
    option.value = name;
    option.textContent = texts[i];
    return option;
  }));
  select.value = wanted;
}

function showChosen() {
  if (details.entity !== null) {
    const node = model.get(details.entity);
    details.show(node && { ...node, parentLabel: model.get(node.parentId)?.label ?? '' });
  }
}

function tick(now) {
  if (mustRebuild && now - rebuiltAt > REBUILD_MS) {
    mustRebuild = false;
    mustPaint = true;
    rebuiltAt = now;
    rebuild();
  }
  if (now - paintedAt > PAINT_MS) {
    paintedAt = now;
    // Also without news: a row that was lit goes out.
    tree.paint(now);
    if (mustPaint) {
      mustPaint = false;
      making.refresh();
      showChosen();
    }
    if (!$('panel-frames').hidden) {
      frames.paint();
    }
  }
  requestAnimationFrame(tick);
}

setInterval(() => {
  changesPerSecond = changesSince;
  changesSince = 0;
  const entities = model.size === 1 ? '1 entity' : `${count.format(model.size)} entities`;
  $('headcount').textContent = model.size === 0 ? 'Nothing here yet' : entities;
  $('rate').textContent = changesPerSecond === 1 ? '1 change in the last second' : `${count.format(changesPerSecond)} changes in the last second`;
}, RATE_MS);

// ---- choosing ----

function choose(entity, reveal) {
  details.choose(entity);
  tree.choose(entity, reveal);
  showChosen();
  document.body.classList.toggle('has-chosen', entity !== null);
  goTo(sync.space, entity);
}

// ---- making and taking away ----

/** What was just made is chosen, and read out by its heading. */
function showMade(entity, news) {
  rebuild();
  choose(entity, true);
  details.tell(news, 'bad');
  $('entity-title').focus();
}

/** It was despawned here: on to its neighbour. */
function leave(entity) {
  choose(null, false);
  tree.choose(tree.neighbour(entity), true);
  tree.choose(null);
  $('tree').focus();
}

$('spawn').addEventListener('click', () => making.spawn(details.entity));
$('add').addEventListener('click', () => making.add(details.entity));
$('despawn').addEventListener('click', () => making.despawn(details.entity));
tree.addEventListener('remove', ({ detail }) => making.despawn(detail));

tree.addEventListener('choose', ({ detail }) => {
  choose(detail, false);
  if (getComputedStyle($('back')).display !== 'none') {
    $('entity-title').focus();
  }
});
tree.addEventListener('toggle', ({ detail }) => {
  detail.node.isOpen = detail.open;
  rebuild();
});
$('entity-parent').addEventListener('click', () => choose(model.get(details.entity).parentId, true));

function back() {
  const entity = details.entity;
  choose(null, false);
  tree.choose(entity, true);
  tree.choose(null);
  $('tree').focus();
}

$('back').addEventListener('click', back);
addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && details.entity !== null && !event.defaultPrevented && !document.querySelector('dialog[open]')) {
    back();
  }
});

for (const [id, type] of [['filter', 'input'], ['component', 'change']]) {
  $(id).addEventListener(type, () => {
    $('tree').scrollTop = 0;
    rebuild();
  });
}
$('filter').addEventListener('keydown', (event) => {
  if (event.key === 'ArrowDown') {
    event.preventDefault();
    $('tree').focus();
  }
});

$('space-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const space = $('space').value.trim();
  if (space && space !== sync.space) {
    goTo(space, null);
    open(space);
    $('tree').focus();
  }
});
$('space').addEventListener('change', () => $('space-form').requestSubmit());
addEventListener('hashchange', () => {
  const space = address().get('space') || 'world';
  if (space !== sync.space) {
    open(space);
  }
  choose(address().get('entity'), true);
});

// ---- how it is ----

const stateTexts = { idle: 'Not connected', connecting: 'Connecting', open: 'Connected', waiting: 'Reconnecting', stopped: 'Disconnected' };

function showBanner(kind, text, wantsToken = false) {
  $('banner').hidden = !text;
  $('banner').dataset.kind = kind;
  $('banner-text').textContent = text;
  $('give-token').hidden = !wantsToken;
  $('retry').hidden = wantsToken;
}

function showState({ state, wait, code, reason }) {
  $('state').dataset.state = state;
  $('state-text').textContent = stateTexts[state];
  if (state === 'open') {
    showBanner('', '');
    askSchema();
  } else if (state === 'stopped') {
    showBanner('stopped', `The node closed the connection: ${reason || code}.`);
  } else if (state === 'waiting' && wait > 1000) {
    showBanner('waiting', 'No connection. What you see is as it was when it broke.');
  }
}

$('retry').addEventListener('click', () => (sync.state === 'stopped' ? sync.connect() : sync.retry()));
$('give-token').addEventListener('click', () => access.ask($('banner-text').textContent));

// ---- the drawer ----

const tabs = { frames: $('tab-frames'), results: $('tab-results') };

function showDrawer(which) {
  $('drawer').dataset.open = String(which !== null);
  $('drawer-close').hidden = which === null;
  for (const [name, tab] of Object.entries(tabs)) {
    tab.setAttribute('aria-selected', String(name === which));
    tab.tabIndex = name === (which ?? 'frames') ? 0 : -1;
    $(`panel-${name}`).hidden = name !== which;
  }
}

for (const [name, tab] of Object.entries(tabs)) {
  tab.addEventListener('click', () => showDrawer(tab.getAttribute('aria-selected') === 'true' ? null : name));
  tab.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
      const other = name === 'frames' ? 'results' : 'frames';
      showDrawer(other);
      tabs[other].focus();
    }
  });
}
$('drawer-close').addEventListener('click', () => showDrawer(null));
$('frame-filter').addEventListener('input', () => {
  frames.filter = $('frame-filter').value;
});
$('frame-pause').addEventListener('change', () => {
  frames.isPaused = $('frame-pause').checked;
});
$('frame-clear').addEventListener('click', () => frames.clear());

open(address().get('space') || 'world');
const wanted = address().get('entity');
if (wanted) {
  items.ready.then(() => {
    rebuild();
    choose(wanted, true);
  }, () => {});
}
requestAnimationFrame(tick);

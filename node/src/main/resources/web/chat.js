import { Link } from './link.js';
import { Log } from './log.js';
import { People } from './people.js';
import { toast } from './toasts.js';
import { access } from './token.js';

const $ = (id) => document.getElementById(id);

/** What is remembered on this device; a browser that remembers nothing works too. */
const memory = {
  get(key) {
    try {
      return localStorage.getItem(`muster.${key}`);
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      localStorage.setItem(`muster.${key}`, value);
    } catch {
      // Then not.
    }
  },
};

/** One for each tab: two tabs are two people to the server. */
const clientId = crypto.randomUUID ? crypto.randomUUID() : `tab-${Date.now()}-${Math.random().toString(36).slice(2)}`;
const link = new Link(clientId, () => access.token);
const log = new Log($('log'), $('scroller'), $('newest'), $('empty'));
const people = new People($('people'), $('nobody'), $('headcount'));

let name = access.claims.name || memory.get('name') || '';
let room = roomOfAddress();
let retold = 0;
let greeted = false;

// ---- rooms ----

function roomOfAddress() {
  return new URLSearchParams(location.hash.slice(1)).get('room') || 'lobby';
}

function knownRooms() {
  const known = JSON.parse(memory.get('rooms') ?? '[]');
  return [...new Set(['lobby', ...known, room])].slice(0, 30);
}

function showRooms() {
  const known = knownRooms();
  memory.set('rooms', JSON.stringify(known));
  $('rooms').replaceChildren(...known.map((each) => {
    const item = document.createElement('li');
    const anchor = document.createElement('a');
    anchor.href = `#${new URLSearchParams({ room: each })}`;
    anchor.textContent = each;
    if (each === room) {
      anchor.setAttribute('aria-current', 'page');
    }
    item.append(anchor);
    return item;
  }));
  $('room-name').textContent = room;
  document.title = `#${room} – Muster`;
}

function enter() {
  showRooms();
  log.clear();
  people.clear();
  greeted = false;
  link.enter(room);
}

addEventListener('hashchange', () => {
  showSide(false);
  if (roomOfAddress() !== room) {
    room = roomOfAddress();
    if (name) {
      enter();
      $('text').focus();
    } else {
      showRooms();
    }
  }
});

$('room-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const wanted = $('room').value.trim();
  if (wanted) {
    $('room').value = '';
    location.hash = new URLSearchParams({ room: wanted });
  }
});

// ---- name ----

function askName() {
  $('name').value = name;
  $('name-error').textContent = '';
  $('welcome').showModal();
  $('name').select();
}

$('name-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const wanted = $('name').value.trim();
  if (!wanted) {
    $('name-error').textContent = 'A name needs at least one character.';
    return;
  }
  const token = $('token').value.trim();
  const first = !link.isOpen || token !== '';
  $('token').value = '';
  name = wanted;
  memory.set('name', name);
  $('welcome').close();
  if (token) {
    access.set(token);
  }
  showMe();
  if (first) {
    enter();
  } else {
    introduce();
  }
  $('text').focus();
});

$('welcome').addEventListener('cancel', (event) => {
  if (!link.isOpen) {
    event.preventDefault();
  }
});
$('rename').addEventListener('click', () => {
  showSide(false);
  askName();
});

/** Who has a token with a name is called so; the server knows it already. */
function introduce() {
  if (!access.claims.name) {
    link.publish('client.setUsername', { username: name });
  }
}

function showMe() {
  const { name: given } = access.claims;
  name = given || name;
  $('rename').hidden = Boolean(given);
  $('my-name').textContent = name;
  people.me = name;
}

// ---- what is said ----

const input = $('text');

function say() {
  const message = input.value.trim();
  if (!message) {
    return;
  }
  const id = link.publish('client.message', { message });
  log.pending(id, name, message);
  input.value = '';
  fit();
}

function fit() {
  input.style.height = 'auto';
  input.style.height = `${Math.min(input.scrollHeight + 2, 140)}px`;
}

$('composer').addEventListener('submit', (event) => {
  event.preventDefault();
  say();
  input.focus();
});
input.addEventListener('input', fit);
input.addEventListener('keydown', (event) => {
  // While a letter is being composed, Enter belongs to that.
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    say();
  }
});

link.addEventListener('server.message', ({ detail }) => log.heard(detail, name));
link.addEventListener('server.notification', ({ detail }) => toast($('toasts'), detail.payload));
link.addEventListener('server.error', ({ detail }) => {
  const { code, message, issues, messageId } = detail.payload;
  const why = issues?.[0]?.message ?? message;
  if (messageId && log.failed(messageId, code, why)) {
    return;
  }
  if (code === 'token_expiring') {
    showBanner('waiting', 'Your token ends soon. With a newer one you stay here.', true);
    return;
  }
  if (issues?.[0]?.path === 'token') {
    // Of another user, or there was none before: then from anew.
    link.reconnect();
    return;
  }
  if (code === 'insufficient_state') {
    log.gap('Some messages may be missing here.');
    askWhoIsHere();
    return;
  }
  toast($('toasts'), { type: 'error', title: 'That did not work', message: why });
});

// ---- who is there ----

function askWhoIsHere() {
  link.send({ type: 'subscribe', channel: 'server.members' });
}

/** Counting can go wrong where news and list cross each other, so a while after the last news the list is read again. */
function askAgainSoon() {
  clearTimeout(retold);
  if (people.isListed) {
    retold = setTimeout(askWhoIsHere, 1500 + Math.random() * 1500);
  }
}

link.addEventListener('server.members', ({ detail }) => people.list(detail.payload));
link.addEventListener('server.userJoined', ({ detail }) => {
  const { userId, username } = detail.payload;
  if (people.joined(userId, username)) {
    // Of oneself only once: who comes back after a break was not away for the others either.
    if (username !== name) {
      log.news(`${username} came in`);
    } else if (!greeted) {
      greeted = true;
      log.news('You are here now');
    }
  }
  askAgainSoon();
});
link.addEventListener('server.userLeft', ({ detail }) => {
  const { userId, username } = detail.payload;
  if (people.left(userId)) {
    log.news(`${username} left`);
  }
  askAgainSoon();
});

// ---- how it is ----

function showState(state, text) {
  $('state').dataset.state = state;
  $('state-text').textContent = text;
}

function showBanner(kind, text, wantsToken = false) {
  $('banner').hidden = !text;
  $('banner').dataset.kind = kind;
  $('banner-text').textContent = text;
  $('give-token').hidden = !wantsToken;
  $('retry').hidden = wantsToken;
}

/** The browser does not tell why it was not let in. */
async function askWhy() {
  const problem = await access.problem();
  if (problem && !link.isOpen) {
    link.rest();
    showBanner('stopped', problem, true);
  }
}

$('give-token').addEventListener('click', () => access.ask($('banner-text').textContent));
access.addEventListener('change', () => {
  showBanner('', '');
  showMe();
  if (name) {
    link.renewToken();
  }
});

const reasons = {
  4500: 'The server did not understand this page.',
  4501: 'The server does not accept this token.',
  4503: 'You may not enter this room.',
  4504: 'This chat was opened somewhere else.',
  4505: 'Your right to be here was taken back.',
};

const states = {
  connecting() {
    showState('connecting', 'Connecting');
  },
  open({ node, resumed, gap }) {
    showState('open', 'Connected');
    showBanner('', '');
    $('node').textContent = `Served by ${node}`;
    if (gap) {
      log.gap('Some messages may be missing here.');
    }
    if (!resumed) {
      people.clear();
    }
    introduce();
    askWhoIsHere();
  },
  waiting({ wait, neverOpen }) {
    showState('waiting', 'Reconnecting');
    $('node').textContent = '';
    // A short break is nobody's business.
    if (wait > 1500 || neverOpen) {
      showBanner('waiting', 'No connection. What you write is sent as soon as there is one.');
    }
    if (neverOpen) {
      askWhy();
    }
  },
  resting() {
    showState('stopped', 'Not connected');
    $('node').textContent = '';
  },
  stopped({ code, reason }) {
    showState('stopped', 'Disconnected');
    $('node').textContent = '';
    const wantsToken = code === 4501 || code === 4505;
    showBanner('stopped', reasons[code] ?? `The server closed the connection: ${reason || code}.`, wantsToken);
  },
};

link.addEventListener('state', ({ detail }) => states[detail.state](detail));
$('retry').addEventListener('click', () => {
  if ($('banner').dataset.kind === 'stopped') {
    askName();
  } else {
    link.retry();
  }
});

// ---- the side, on narrow screens ----

function showSide(shown) {
  $('side').classList.toggle('shown', shown);
  $('menu').setAttribute('aria-expanded', String(shown));
}

$('menu').addEventListener('click', () => {
  showSide(!$('side').classList.contains('shown'));
  if ($('side').classList.contains('shown')) {
    $('room').focus();
  }
});
addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && $('side').classList.contains('shown')) {
    showSide(false);
    $('menu').focus();
  }
});
$('scroller').addEventListener('click', () => showSide(false));

showRooms();
showMe();
if (name) {
  enter();
} else {
  askName();
}

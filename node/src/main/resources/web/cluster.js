import { element } from './log.js';
import { access } from './token.js';

const $ = (id) => document.getElementById(id);

const PERIOD_MS = 2000;
const KEPT = 90;
const count = new Intl.NumberFormat();
const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });

let before = null;
let room = null;
let timer = 0;
let turns = 0;
const lines = { in: [], out: [] };

async function ask(path) {
  const headers = access.token ? { Authorization: `Bearer ${access.token}` } : {};
  const answer = await fetch(path, { headers, signal: AbortSignal.timeout(PERIOD_MS * 4) });
  const body = await answer.json();
  if (!answer.ok) {
    throw Object.assign(new Error(body.message), { status: answer.status });
  }
  return body;
}

// ---- figures ----

function rateOf(now, name) {
  if (!before || before.node !== now.node || now.here[name] < before.here[name]) {
    // Another node answered, or it began anew: nothing to compare with.
    return null;
  }
  const seconds = (Date.parse(now.timestamp) - Date.parse(before.timestamp)) / 1000;
  return seconds > 0 ? (now.here[name] - before.here[name]) / seconds : null;
}

function say(id, text) {
  if ($(id).textContent !== text) {
    $(id).textContent = text;
  }
}

const short = (value) => (value === null ? '–' : count.format(value < 10 ? Math.round(value * 10) / 10 : Math.round(value)));

function bytes(perSecond) {
  if (perSecond === null) {
    return '–';
  }
  const units = ['B/s', 'kB/s', 'MB/s', 'GB/s'];
  const at = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, perSecond)) / 3)));
  return `${short(perSecond / 1000 ** at)} ${units[at]}`;
}

function show(now) {
  const { node, nodes, here } = now;
  say('answered', `As ${node} sees it`);
  say('node-count', count.format(nodes.length));
  $('nodes').replaceChildren(...nodes.map((name) => element('li', name === node ? 'self' : '', name)));
  say('connections', now.connections === undefined ? '–' : count.format(now.connections));
  say('connections-here', `${count.format(here.connections)} of them on ${node}`);
  say('room-count', now.room_count === undefined ? '–' : count.format(now.room_count));
  showRegistry(now);
  for (const [way, name] of [['in', 'messages_received'], ['out', 'messages_sent']]) {
    const rate = rateOf(now, name);
    say(`rate-${way}`, short(rate));
    if (rate !== null) {
      lines[way].push(rate);
      lines[way].splice(0, lines[way].length - KEPT);
    }
    draw($(`line-${way}`), lines[way]);
  }
  const isMeasured = here.latency_p99_ms > 0;
  say('p99', isMeasured ? here.latency_p99_ms.toFixed(2) : '–');
  say('average', isMeasured ? `${here.latency_average_ms.toFixed(2)} ms on average` : 'nothing measured yet');
  say('bytes-out', bytes(rateOf(now, 'bytes_sent')));
  say('lag', `event loops at most ${here.loop_lag_ms.toFixed(1)} ms late`);
  say('scope', `The second row is of ${node} alone, which has been up for ${duration(now.uptime)}.`);
  showRooms(now);
  before = now;
}

function showRegistry({ status, registry }) {
  const words = { ready: ['Reached', 'good'], draining: ['Node is stopping', 'wait'], registry_unavailable: ['Not reached', 'bad'] };
  const [word, kind] = words[status] ?? [status, ''];
  say('registry', word);
  $('registry').className = `figure word ${kind}`;
  say('registry-kind', `over ${registry}`);
}

function duration(seconds) {
  const units = [[86400, 'day'], [3600, 'hour'], [60, 'minute'], [1, 'second']];
  const [size, name] = units.find(([each]) => seconds >= each) ?? units.at(-1);
  const some = Math.floor(seconds / size);
  return `${some} ${name}${some === 1 ? '' : 's'}`;
}

function draw(canvas, values) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const ratio = devicePixelRatio || 1;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  const context = canvas.getContext('2d');
  context.scale(ratio, ratio);
  const most = Math.max(1, ...values);
  const x = (i) => width - (values.length - 1 - i) * (width / (Math.max(30, values.length) - 1));
  const y = (value) => height - 2 - (value / most) * (height - 6);
  context.strokeStyle = getComputedStyle(canvas).getPropertyValue('--accent');
  context.lineWidth = 2;
  context.lineJoin = 'round';
  context.beginPath();
  values.forEach((value, i) => context.lineTo(x(i), y(value)));
  context.stroke();
}

// ---- rooms ----

function showRooms({ rooms = [], room_count: all = 0 }) {
  const known = new Map([...$('rooms').rows].map((row) => [row.room, row]));
  $('rooms').replaceChildren(...rooms.map(({ room: name, members }) => {
    // The same row again, so that the focus stays where it is.
    const row = known.get(name) ?? rowOf(name);
    row.cells[0].firstChild.setAttribute('aria-pressed', String(name === room));
    row.cells[1].textContent = count.format(members);
    return row;
  }));
  $('no-rooms').hidden = all > 0;
  $('more-rooms').hidden = all <= rooms.length;
  say('more-rooms', `and ${count.format(all - rooms.length)} smaller ones`);
}

function rowOf(name) {
  const row = document.createElement('tr');
  row.room = name;
  const button = element('button', 'room', name);
  button.type = 'button';
  button.addEventListener('click', () => {
    room = name;
    refresh();
    if (matchMedia('(max-width: 760px)').matches) {
      $('members-title').focus();
    }
  });
  const cell = document.createElement('td');
  cell.append(button);
  row.append(cell, element('td', 'number', ''));
  return row;
}

async function showMembers() {
  const asked = room;
  if (asked === null) {
    return;
  }
  const { connections } = await ask(`/api/rooms/${encodeURIComponent(asked)}/stats`);
  if (asked !== room) {
    return;
  }
  const shown = connections.slice(0, 200);
  say('members-title', `Members of ${asked}`);
  $('members-table').hidden = shown.length === 0;
  $('members-hint').hidden = shown.length > 0 && shown.length === connections.length;
  say('members-hint', shown.length === 0 ? 'Nobody is there any more.' : `The first ${shown.length} of ${count.format(connections.length)}.`);
  $('members').replaceChildren(...shown.map((member) => {
    const row = document.createElement('tr');
    row.append(
      element('td', '', member.user_id ?? member.id), element('td', '', member.node),
      element('td', '', member.transport), element('td', '', time.format(new Date(member.connected_at))));
    return row;
  }));
}

// ---- again and again ----

function showState(state, text) {
  $('state').dataset.state = state;
  say('state-text', text);
}

async function whyNot({ status }) {
  return status === 403
    ? 'These figures are for those whose token has the role “stats” or “admin”.'
    : (await access.problem()) || 'The node wants to know who is asking.';
}

async function refresh() {
  clearTimeout(timer);
  const turn = ++turns;
  let mayNot = false;
  try {
    show(await ask('/api/cluster'));
    await showMembers();
    showState('open', 'Live');
    $('banner').hidden = true;
  } catch (failure) {
    mayNot = failure.status === 401 || failure.status === 403;
    const why = mayNot ? await whyNot(failure) : 'The node does not answer. It is asked again every few seconds.';
    if (turn !== turns) {
      return;
    }
    showState(mayNot ? 'stopped' : 'waiting', mayNot ? 'Not allowed' : 'No answer');
    $('banner').hidden = false;
    $('banner').dataset.kind = mayNot ? 'stopped' : 'waiting';
    $('give-token').hidden = !mayNot;
    say('banner-text', why);
  }
  // While nobody looks, nothing is asked; nor before somebody with another token asks.
  if (document.visibilityState === 'visible' && !mayNot && turn === turns) {
    timer = setTimeout(refresh, PERIOD_MS);
  }
}

document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && refresh());
$('give-token').addEventListener('click', () => access.ask($('banner-text').textContent));
access.addEventListener('change', refresh);
refresh();

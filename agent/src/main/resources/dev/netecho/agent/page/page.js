// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
//
// The page of the agent. Only the rows that can be seen are in the document: so 5,000 targets scroll like 50.
// Texts of others reach the document as text only.
'use strict';
(() => {
  const ROW = 36;
  const ORDER = {down: 0, unknown: 1, up: 2};
  const $ = id => document.getElementById(id);
  const columns = [
    ['state', 'State', (a, b) => ORDER[a.state] - ORDER[b.state]],
    ['target', 'Target', (a, b) => compare(a.target, b.target)],
    ['labels', 'Labels', (a, b) => compare(a.labels, b.labels)],
    ['loss', 'Loss', (a, b) => b.loss - a.loss],
    ['rtt', 'Time', (a, b) => b.rtt - a.rtt],
    ['reason', 'Last reason', (a, b) => compare(a.reason, b.reason)],
    ['spark', 'Last hour', () => 0],
  ];
  let targets = new Map();
  let shown = [];
  let minute = 0;
  let sort = 0;
  let back = false;
  let chosen = null;
  let opened = null;
  let plot = null;
  let pending = false;

  const compare = (a, b) => a < b ? -1 : a > b ? 1 : 0;
  const time = micros => micros < 0 ? '–' : micros < 1000 ? micros + ' µs' : (micros / 1000).toFixed(1) + ' ms';
  const loss = mille => mille < 0 ? '–' : (mille / 10).toFixed(1) + ' %';
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  function element(name, className, text) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  columns.forEach(([key, title], index) => {
    const button = element('button', '', title);
    button.type = 'button';
    button.addEventListener('click', () => {
      back = sort === index && !back;
      sort = index;
      arrange();
    });
    $('head').append(button);
  });

  function matches(row, words, state) {
    if (state && row.state !== state) return false;
    const text = (row.target + ' ' + row.labels + ' ' + row.address + ' ' + row.reason).toLowerCase();
    return words.every(word => text.includes(word));
  }

  // Filters and sorts; at most once a frame.
  function arrange() {
    if (pending) return;
    pending = true;
    requestAnimationFrame(() => {
      pending = false;
      const words = $('filter').value.toLowerCase().split(/\s+/).filter(word => word);
      const state = $('state').value;
      const counts = {up: 0, down: 0, unknown: 0};
      shown = [];
      for (const row of targets.values()) {
        counts[row.state]++;
        if (matches(row, words, state)) shown.push(row);
      }
      const by = columns[sort][2];
      shown.sort((a, b) => (back ? -1 : 1) * by(a, b) || compare(a.target, b.target) || a.id - b.id);
      $('totals').replaceChildren(...Object.keys(ORDER).map(key =>
        element('span', key, counts[key] + ' ' + key + ' ')));
      $('shown').textContent = shown.length + ' of ' + targets.size + ' targets';
      document.title = (counts.down ? '(' + counts.down + ' down) ' : '') + 'Netecho agent';
      $('space').style.height = shown.length * ROW + 'px';
      draw();
    });
  }

  const pool = [];

  function made(index) {
    while (pool.length <= index) {
      const row = element('div', 'row');
      row.setAttribute('role', 'row');
      for (let i = 0; i < 6; i++) row.append(element('span'));
      const canvas = element('canvas');
      canvas.width = 180;
      canvas.height = 28;
      row.append(canvas);
      row.addEventListener('click', () => { choose(row.target); open(); });
      $('scroll').append(row);
      pool.push(row);
    }
    return pool[index];
  }

  function draw() {
    const top = $('scroll').scrollTop;
    const first = Math.max(0, Math.floor(top / ROW) - 3);
    const last = Math.min(shown.length, Math.ceil((top + $('scroll').clientHeight) / ROW) + 3);
    for (let i = first; i < last; i++) {
      const data = shown[i];
      const row = made(i - first);
      row.target = data;
      row.hidden = false;
      row.className = data === chosen ? 'row chosen' : 'row';
      row.setAttribute('aria-selected', String(data === chosen));
      row.style.top = i * ROW + 'px';
      const cells = row.children;
      cells[0].textContent = data.state;
      cells[0].className = data.state;
      cells[1].textContent = data.target;
      cells[2].textContent = data.labels;
      cells[3].textContent = loss(data.loss);
      cells[3].className = 'number';
      cells[4].textContent = time(data.rtt);
      cells[4].className = 'number';
      cells[5].textContent = data.reason.replaceAll('_', ' ');
      cells[5].title = data.detail;
      spark(cells[6], data.spark);
    }
    for (let i = Math.max(0, last - first); i < pool.length; i++) pool[i].hidden = true;
  }

  function spark(canvas, minutes) {
    const pen = canvas.getContext('2d');
    pen.clearRect(0, 0, canvas.width, canvas.height);
    let most = 1;
    for (const one of minutes) most = Math.max(most, one >> 2);
    const line = colour('--stroke');
    const lost = colour('--down');
    const untold = colour('--soft');
    minutes.forEach((one, i) => {
      const x = i * 3;
      if (one & 2) { pen.fillStyle = untold; pen.fillRect(x, 0, 2, 4); }
      if (one & 1) { pen.fillStyle = lost; pen.fillRect(x, 22, 2, 6); }
      if (one >> 2) {
        const height = Math.max(2, Math.round(18 * (one >> 2) / most));
        pen.fillStyle = line;
        pen.fillRect(x, 22 - height, 2, height);
      }
    });
  }

  function choose(row) {
    chosen = row;
    const index = shown.indexOf(row);
    const scroll = $('scroll');
    if (index >= 0) {
      if (index * ROW < scroll.scrollTop) scroll.scrollTop = index * ROW;
      if ((index + 1) * ROW > scroll.scrollTop + scroll.clientHeight) {
        scroll.scrollTop = (index + 1) * ROW - scroll.clientHeight;
      }
    }
    draw();
  }

  async function open() {
    if (!chosen) return;
    if (opened !== chosen) $('hops').replaceChildren();
    opened = chosen;
    $('detail').hidden = false;
    document.querySelector('main').classList.add('open');
    await show();
  }

  async function show() {
    const row = opened;
    if (!row) return;
    const answer = await fetch('/page/target?id=' + row.id);
    if (!answer.ok || opened !== row) return;
    const data = await answer.json();
    $('name').textContent = data.target;
    const facts = [['State', data.state], ['Address', data.address || 'none'], ['Labels', data.labels || 'none'],
      ['Loss, 5 minutes', loss(data.loss)], ['Last time', time(data.rtt)],
      ['Last reason', (data.reason.replaceAll('_', ' ') + ' ' + data.detail).trim() || 'none']];
    $('facts').replaceChildren(...facts.flatMap(([name, value]) =>
      [element('dt', '', name), element('dd', '', value)]));
    chart(data.minutes);
  }

  function chart(minutes) {
    const now = Math.floor(Date.now() / 60000) * 60;
    const x = minutes.map((one, i) => now - (minutes.length - 1 - i) * 60);
    const part = index => minutes.map(one => one && one[index] ? one[index] / 1000 : null);
    const most = Math.max(1, ...part(2).map(value => value || 0));
    const data = [x, part(2), part(0), part(1),
      minutes.map(one => one && one[4] ? most * 0.02 : null), minutes.map(one => one && one[5] ? most * 0.98 : null)];
    if (plot) plot.destroy();
    const axis = {stroke: colour('--front'), grid: {stroke: colour('--line')}, ticks: {stroke: colour('--line')}};
    const points = (label, fill) =>
      ({label, paths: () => null, points: {show: true, size: 7, fill: colour(fill), stroke: colour(fill)}});
    plot = new uPlot({
      width: Math.max(280, $('plot').clientWidth), height: 240, legend: {show: true},
      axes: [axis, {...axis, label: 'ms', size: 60}],
      bands: [{series: [1, 2], fill: colour('--band')}],
      series: [
        {},
        {label: '95th', stroke: 'transparent'},
        {label: 'least', stroke: 'transparent'},
        {label: 'median', stroke: colour('--stroke'), width: 2},
        points('loss', '--down'),
        points('not told', '--soft'),
      ],
    }, data, $('plot'));
  }

  function close() {
    opened = null;
    $('detail').hidden = true;
    document.querySelector('main').classList.remove('open');
    $('scroll').focus();
  }

  async function trace() {
    const row = opened;
    if (!row) return;
    $('hops').textContent = 'tracing …';
    const answer = await fetch('/page/trace?id=' + row.id, {method: 'POST', headers: {'X-Netecho': '1'}});
    if (opened !== row) return;
    if (!answer.ok) {
      $('hops').textContent = await answer.text();
      return;
    }
    const report = await answer.json();
    const table = element('table');
    const line = (kind, texts) => {
      const made = element('tr');
      texts.forEach(text => made.append(element(kind, '', text)));
      table.append(made);
    };
    line('th', ['Hop', 'Responder', 'Answered', 'Mean']);
    report.hops.forEach(hop => line('td', [hop.hop, hop.responders.join(' ') || '*',
      hop.answered + '/' + hop.sent, time(hop.rtt)]));
    $('hops').replaceChildren(table, element('p', '', 'End: ' + report.end.replaceAll('_', ' ')));
  }

  async function load() {
    const answer = await fetch('/page/targets');
    if (!answer.ok) throw new Error(await answer.text());
    const data = await answer.json();
    const keep = chosen && chosen.id;
    targets = new Map(data.targets.map(row => [row.id, row]));
    minute = data.minute;
    chosen = targets.get(keep) || null;
    if (opened) opened = targets.get(opened.id) || null;
    arrange();
  }

  function update(data) {
    for (let gone = Math.min(60, data.minute - minute); gone > 0; gone--) {
      for (const row of targets.values()) { row.spark.shift(); row.spark.push(0); }
    }
    minute = data.minute;
    let unknown = data.count !== targets.size;
    for (const change of data.rows) {
      const row = targets.get(change.id);
      if (!row) { unknown = true; continue; }
      Object.assign(row, change);
      row.spark[row.spark.length - 1] = change.now;
    }
    if (unknown) load().catch(() => {}); else arrange();
    if (opened && data.rows.some(change => change.id === opened.id)) show();
  }

  function listen() {
    const events = new EventSource('/page/events');
    events.onopen = () => {
      $('live').textContent = 'live';
      load().catch(error => { $('live').textContent = String(error); });
    };
    events.onmessage = event => update(JSON.parse(event.data));
    // What is on the page is old from here on, and must not look as if it were not.
    events.onerror = () => { $('live').textContent = 'the agent does not answer; trying again'; };
  }

  $('filter').addEventListener('input', arrange);
  $('state').addEventListener('change', arrange);
  $('scroll').addEventListener('scroll', draw, {passive: true});
  window.addEventListener('resize', () => { draw(); show(); });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { draw(); show(); });
  $('close').addEventListener('click', close);
  $('trace').addEventListener('click', trace);
  document.addEventListener('keydown', event => {
    const typing = event.target.tagName === 'INPUT' || event.target.tagName === 'SELECT';
    if (event.key === 'Escape') { if (typing) $('scroll').focus(); else close(); return; }
    if (typing || event.ctrlKey || event.altKey || event.metaKey) return;
    const at = shown.indexOf(chosen);
    const page = Math.floor($('scroll').clientHeight / ROW);
    const steps = {ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -shown.length, End: shown.length};
    if (event.key in steps && shown.length) {
      choose(shown[Math.min(shown.length - 1, Math.max(0, at + steps[event.key]))]);
      event.preventDefault();
    } else if (event.key === 'Enter' && event.target.tagName !== 'BUTTON' && event.target.tagName !== 'A') {
      open();
    } else if (event.key === '/') {
      $('filter').focus();
      event.preventDefault();
    } else if (event.key === 't') {
      trace();
    }
  });
  listen();
})();

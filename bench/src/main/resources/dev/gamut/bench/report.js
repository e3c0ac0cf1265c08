'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const rows = data.rows;
  const right = rows.filter(r => r.ok); // how fast a wrong result is says nothing
  const byId = id => document.getElementById(id);
  const families = [...new Set(rows.map(r => r.family))];
  const shapes = ['circle', 'rect', 'triangle', 'rectRot', 'crossRot', 'rectRounded', 'cross'];
  const operations = [...new Set(rows.map(r => r.op))];
  const precisions = ['f64', 'f32', 'f16', 'bf16', 'f8e4m3', 'f8e5m2', 'f4e2m1', 'i64', 'i32', 'i8', 'u8', 'i4'];
  const counts = data.yardsticks.map(y => y.threads);
  const phone = matchMedia('(max-width: 640px)');
  const dark = matchMedia('(prefers-color-scheme: dark)');
  let threads = counts[0];
  let sort = { key: null, down: false };

  const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const element = (tag, text, className) => {
    const e = document.createElement(tag);
    if (text !== undefined) e.textContent = text;
    if (className) e.className = className;
    return e;
  };
  const plural = (n, word) => n + ' ' + word + (n === 1 || /\d$/.test(word) ? '' : 's'); // 4 l3
  const digits = v => {
    if (v === null || !isFinite(v)) return '–';
    if (v === 0) return '0';
    if (v < 0.001) return v.toExponential(1).replace('e', '·10^').replace('^-', '⁻').replace(/[0-9]+$/, d => [...d].map(c => '⁰¹²³⁴⁵⁶⁷⁸⁹'[c]).join(''));
    return v.toFixed(v >= 100 ? 0 : v >= 10 ? 1 : v >= 1 ? 2 : 3);
  };
  const time = s => {
    if (s === null) return '–';
    const units = ['ns', 'µs', 'ms', 's'];
    let v = s * 1e9, u = 0;
    while (v >= 1000 && u < 3) { v /= 1000; u++; }
    return digits(v) + ' ' + units[u];
  };
  const percent = v => v === null ? '–' : v >= 0.0995 ? (100 * v).toFixed(0) + ' %' : v >= 0.001 ? (100 * v).toFixed(1) + ' %' : '< 0.1 %';
  const bytes = v => {
    const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
    let u = 0;
    while (v >= 1024 && u < 4) { v /= 1024; u++; }
    return (v >= 100 || Number.isInteger(v) ? v.toFixed(0) : v.toFixed(1)) + ' ' + units[u];
  };

  function head() {
    const m = data.machine;
    byId('machine-line').textContent = [m.cpu, plural(m.cores, 'core'), m.vectorBits ? m.vectorBits + '-bit vectors' : 'no vectors', m.os].join(' · ');
    const measured = [...rows, ...data.routes];
    const good = measured.filter(r => r.ok).length;
    const verdict = byId('verdict');
    verdict.textContent = (good === measured.length ? '✓ ' : '✗ ') + good + ' of ' + measured.length + ' results verified';
    verdict.classList.toggle('bad', good !== measured.length);
    const failed = measured.filter(r => !r.ok);
    byId('failures').hidden = failed.length === 0;
    for (const r of failed) byId('failures').append(element('p', r.workload + ' ' + r.precision + ' ' + r.kernel + ': ' + r.message));
    byId('footer').textContent = 'Gamut ' + data.version + ' · ' + data.finished + ' · measured in ' + data.seconds.toFixed(0) + ' s'
      + (data.leftOut ? ' · ' + plural(data.leftOut, 'measurement') + ' left out for want of time or memory' : '');
  }

  function tiles() {
    const y = data.yardsticks.find(x => x.threads === threads);
    const box = byId('tiles');
    box.replaceChildren();
    const tile = (value, unit, text) => {
      const t = element('div', undefined, 'tile');
      const b = element('b', value);
      b.append(element('small', unit));
      t.append(b, element('span', text));
      box.append(t);
    };
    const on = 'peak, ' + plural(threads, 'thread');
    tile(digits(y.fma_f64_gops), 'GOP/s', 'F64 ' + on);
    tile(digits(y.fma_f32_gops), 'GOP/s', 'F32 ' + on);
    tile(digits(y.read_memory_gbs), 'GB/s', 'memory read, ' + plural(threads, 'thread'));
    const gemm = right.filter(r => r.op === 'gemm' && r.threads === threads && r.share !== null && r.bind === 'arithmetic');
    const best = gemm.reduce((a, r) => !a || r.share > a.share ? r : a, null);
    tile(best ? percent(best.share) : '–', '', best ? 'of peak in ' + best.workload : 'no product on so many threads');
  }

  function segments() {
    const box = byId('threads');
    for (const n of counts) {
      const b = element('button', plural(n, 'thread'));
      b.type = 'button';
      b.addEventListener('click', () => { threads = n; draw(); });
      box.append(b);
    }
  }

  const shapeSvg = (shape, colour) => {
    const d = {
      circle: '<circle cx="6" cy="6" r="4.5"/>', rect: '<rect x="2" y="2" width="8" height="8"/>',
      triangle: '<path d="M6 1 11 10.5H1z"/>', rectRot: '<path d="M6 .5 11.5 6 6 11.5.5 6z"/>',
      crossRot: '<path d="M2 2 10 10M10 2 2 10" stroke-width="2" stroke="' + colour + '"/>',
      rectRounded: '<rect x="1" y="3" width="10" height="6" rx="3"/>',
      cross: '<path d="M6 1V11M1 6H11" stroke-width="2" stroke="' + colour + '"/>' };
    const span = element('span');
    span.innerHTML = '<svg viewBox="0 0 12 12" fill="' + colour + '" aria-hidden="true">' + d[shape] + '</svg>';
    return span;
  };

  const charts = {};
  function show(id, config) {
    if (charts[id]) charts[id].destroy();
    charts[id] = new Chart(byId(id), config);
  }

  const axis = (text, extra) => Object.assign({
    title: { display: true, text, color: css('--soft'), font: { size: 12 } },
    grid: { color: css('--grid'), drawTicks: false },
    border: { color: css('--line') },
    ticks: { color: css('--soft'), padding: 6, font: { size: 11 } }
  }, extra);
  const powers = { callback: v => { const e = Math.log10(v); return Number.isInteger(Math.round(e * 1e6) / 1e6) ? (v >= 0.01 && v < 1e5 ? String(+v.toPrecision(1)) : '10' + [...String(Math.round(e))].map(c => c === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[c]).join('')) : ''; } };
  const tooltip = () => ({
    backgroundColor: css('--ink'), titleColor: css('--paper'), bodyColor: css('--paper'),
    padding: 10, cornerRadius: 8, displayColors: false, titleFont: { weight: '600' }
  });

  /* Names of the roofs, written onto them. */
  const roofLabels = {
    id: 'roofLabels',
    afterDatasetsDraw(chart) {
      const c = chart.ctx, area = chart.chartArea;
      for (const ds of chart.data.datasets) {
        if (!ds.roof) continue;
        const [p, q] = ds.data.map(d => ({ x: chart.scales.x.getPixelForValue(d.x), y: chart.scales.y.getPixelForValue(d.y) }));
        c.save();
        c.font = '600 11px ' + getComputedStyle(document.body).fontFamily;
        c.fillStyle = css('--soft');
        c.beginPath();
        c.rect(area.left, area.top, area.width, area.height);
        c.clip();
        if (ds.roof === 'flat') {
          c.textAlign = 'right';
          c.strokeStyle = css('--card');
          c.lineWidth = 4;
          c.strokeText(ds.label, area.right - 6, q.y - 6);
          c.fillText(ds.label, area.right - 6, q.y - 6);
        } else {
          const x = Math.max(p.x, area.left), slope = (q.y - p.y) / (q.x - p.x);
          const y = p.y + (x - p.x) * slope;
          const visible = y <= area.bottom ? { x, y } : { x: p.x + (area.bottom - p.y) / slope, y: area.bottom };
          c.translate(visible.x, visible.y);
          c.rotate(Math.atan2(q.y - p.y, q.x - p.x));
          c.textAlign = 'left';
          c.fillText(ds.label, 14, -6);
        }
        c.restore();
      }
    }
  };

  function roofs(y, xMin, xMax) {
    const roof = (label, kind, x0, y0, x1, y1) => ({
      label, roof: kind, type: 'line', data: [{ x: x0, y: y0 }, { x: x1, y: y1 }],
      borderColor: css('--faint'), borderWidth: 1.25, borderDash: kind === 'flat' ? [] : [5, 4], pointRadius: 0, pointHitRadius: 0, order: 10
    });
    const slope = (label, bandwidth) => {
      const ridge = Math.min(y.fma_f32_gops / bandwidth, xMax);
      return roof(label + ' ' + digits(bandwidth) + ' GB/s', 'slope', xMin, bandwidth * xMin, ridge, bandwidth * ridge);
    };
    const flat = (label, peak) => roof(label + ' ' + digits(peak) + ' GOP/s', 'flat', peak / y.read_l2_gbs, peak, xMax, peak);
    return [slope('L2', y.read_l2_gbs), slope('memory', y.read_memory_gbs), flat('F64', y.fma_f64_gops), flat('F32', y.fma_f32_gops)];
  }

  function roofline() {
    const others = byId('others').checked;
    const points = right.filter(r => r.threads === threads && r.gops !== null && (others || r.chosen));
    const y = data.yardsticks.find(v => v.threads === threads);
    const xs = points.map(r => r.intensity), ys = points.map(r => r.gops);
    const xMin = 10 ** Math.floor(Math.log10(Math.min(0.1, ...xs)));
    const xMax = 10 ** Math.ceil(Math.log10(Math.max(100, ...xs) * 1.01));
    const yMin = 10 ** Math.floor(Math.log10(Math.min(1, ...ys)));
    const yMax = y.fma_f32_gops * 2.2;
    const sets = families.map((f, i) => {
      const colour = css('--f' + i % shapes.length), shape = shapes[i % shapes.length];
      return {
        label: f, type: 'scatter', pointStyle: shape, pointRadius: phone.matches ? 4 : 5, pointHoverRadius: 8,
        backgroundColor: item => item.raw && item.raw.row.reference ? css('--card') : colour + 'd0', borderColor: colour, borderWidth: i % shapes.length > 3 ? 2 : 1.5,
        data: points.filter(r => r.family === f).map(r => ({ x: r.intensity, y: r.gops, row: r }))
      };
    });
    show('roofline', {
      type: 'scatter',
      data: { datasets: [...sets, ...roofs(y, xMin, xMax)] },
      options: {
        responsive: true, maintainAspectRatio: false, animation: false,
        scales: {
          x: axis('arithmetic intensity, operations per byte', { type: 'logarithmic', min: xMin, max: xMax }),
          y: axis(phone.matches ? 'GOP/s' : 'speed, 10⁹ operations per second (GOP/s)', { type: 'logarithmic', min: yMin, max: yMax })
        },
        plugins: {
          legend: { display: false },
          tooltip: Object.assign(tooltip(), {
            filter: item => !item.dataset.roof,
            callbacks: {
              title: items => items.length ? items[0].raw.row.workload + ' · ' + items[0].raw.row.precision : '',
              label: item => { const r = item.raw.row; return [r.size + ', ' + plural(r.threads, 'thread'), r.kernel, digits(r.gops) + ' GOP/s, ' + digits(r.gbs) + ' GB/s, ' + time(r.seconds), percent(r.share) + ' of the measured roof: ' + r.bind]; }
            }
          })
        }
      },
      plugins: [roofLabels]
    });
    for (const s of ['x', 'y']) Object.assign(charts.roofline.options.scales[s].ticks, powers, { maxRotation: 0 });
    charts.roofline.update('none');
    const legend = byId('roofline-legend');
    legend.replaceChildren();
    families.forEach((f, i) => {
      if (!points.some(r => r.family === f)) return;
      const s = shapeSvg(shapes[i % shapes.length], css('--f' + i % shapes.length));
      s.append(f);
      legend.append(s);
    });
  }

  /* Values at the ends of bars. */
  const barValues = {
    id: 'barValues',
    afterDatasetsDraw(chart) {
      const c = chart.ctx;
      c.save();
      c.font = '11px ' + getComputedStyle(document.body).fontFamily;
      c.textBaseline = 'middle';
      c.fillStyle = css('--soft');
      chart.getDatasetMeta(0).data.forEach((bar, i) => c.fillText(digits(chart.data.datasets[0].data[i]), bar.x + 6, bar.y));
      c.restore();
    }
  };

  function bars(id, unit, wanted, value, label) {
    const best = new Map();
    for (const r of right.filter(r => wanted(r) && r.threads <= threads && value(r) !== null)) {
      const key = label(r);
      if (!best.has(key) || value(r) > value(best.get(key))) best.set(key, r);
    }
    const rank = r => [operations.indexOf(r.op), ...r.precision.split(/[·/]/).map(t => precisions.indexOf(t))];
    const entries = [...best.entries()].sort((a, b) => { const x = rank(a[1]), y = rank(b[1]), i = x.findIndex((v, j) => v !== y[j]); return i < 0 ? -1 : x[i] - (y[i] ?? -1); });
    byId(id + '-box').style.height = (entries.length * 23 + 62) + 'px';
    byId(id).closest('.card').hidden = entries.length === 0;
    show(id, {
      type: 'bar',
      data: {
        labels: entries.map(e => e[0]),
        datasets: [{ data: entries.map(e => value(e[1])), backgroundColor: entries.map(e => css(e[1].reference ? '--muted-bar' : '--accent')), borderRadius: 3, barThickness: 13 }]
      },
      options: {
        indexAxis: 'y', responsive: true, maintainAspectRatio: false, animation: false,
        layout: { padding: { right: 40 } }, // the longest bar's value, however narrow the chart
        scales: { x: axis(unit, { beginAtZero: true }), y: axis('', { grid: { display: false }, title: { display: false } }) },
        plugins: {
          legend: { display: false },
          tooltip: Object.assign(tooltip(), {
            callbacks: { label: item => { const r = entries[item.dataIndex][1]; return [r.workload + ' ' + r.size + ', ' + plural(r.threads, 'thread'), r.kernel, digits(r.gops) + ' GOP/s, ' + digits(r.gbs) + ' GB/s', percent(r.share) + ' of the measured roof: ' + r.bind]; } }
          })
        }
      },
      plugins: [barValues]
    });
    charts[id].options.scales.y.ticks.autoSkip = false;
    charts[id].update('none');
  }

  const kinds = [
    { name: 'native arithmetic', of: () => true }, { name: 'products of bytes by residues', of: r => /_residue_/.test(r.kernel) },
    { name: 'in F32', of: r => /_vecf32$/.test(r.kernel) }, { name: 'in terms of BF16', of: r => /_vecbf16(x[23])?$/.test(r.kernel) }
  ];
  const kindOf = r => kinds.findLastIndex(s => s.of(r));

  /* From the error of each route up to its bound, and its number in the list below. */
  const routeMarks = {
    id: 'routeMarks',
    afterDatasetsDraw(chart) {
      const c = chart.ctx, y = chart.scales.y, area = chart.chartArea;
      c.save();
      c.textBaseline = 'middle';
      const taken = [];
      chart.data.datasets.forEach((ds, d) => chart.getDatasetMeta(d).data.forEach((point, i) => {
        const r = ds.data[i].row, bound = y.getPixelForValue(r.bound);
        c.strokeStyle = ds.borderColor;
        c.lineWidth = 1;
        c.beginPath();
        c.moveTo(point.x, point.y - 6); c.lineTo(point.x, bound);
        c.moveTo(point.x - 5, bound); c.lineTo(point.x + 5, bound);
        c.stroke();
        const places = [[12, 0], [-12, 0], [0, 14], [0, -14]].map(p => ({ x: point.x + p[0], y: point.y + p[1] }));
        const at = places.find(p => p.x < area.right && taken.every(t => Math.abs(t.x - p.x) > 12 || Math.abs(t.y - p.y) > 10)) || places[0];
        taken.push(at, point);
        c.textAlign = 'center';
        c.font = (r.chosen ? '700' : '400') + ' 12px ' + getComputedStyle(document.body).fontFamily;
        c.strokeStyle = css('--card');
        c.lineWidth = 4;
        c.strokeText(r.number, at.x, at.y);
        c.fillStyle = css(r.chosen ? '--ink' : '--soft');
        c.fillText(r.number, at.x, at.y);
      }));
      c.restore();
    }
  };

  function routes() {
    byId('routes-section').hidden = data.routes.length === 0;
    const products = new Map();
    for (const r of data.routes.filter(r => r.gops !== null && r.error !== null)) {
      const key = r.workload + ' · ' + r.precision + ' · ' + r.size;
      products.set(key, [...(products.get(key) || []), r]);
    }
    [...products.entries()].forEach(([title, points], product) => {
      const id = 'route-' + product;
      points.sort((a, b) => b.gops - a.gops).forEach((r, i) => { r.number = i + 1; });
      if (!byId(id)) {
        const card = element('div', undefined, 'card'), box = element('div', undefined, 'chart routes'), canvas = element('canvas');
        canvas.id = id;
        canvas.setAttribute('role', 'img');
        canvas.setAttribute('aria-label', 'Accuracy against speed of ' + title);
        box.append(canvas);
        const list = element('ol', undefined, 'routes-list');
        for (const r of points) {
          const li = element('li');
          li.append(element('span', r.short, 'kernel'), ' ' + digits(r.gops) + ' GOP/s, error ' + digits(r.error) + ', bound ' + digits(r.bound));
          if (r.chosen) li.append(element('b', 'picked for ' + r.chosenFor.join(', ')));
          list.append(li);
        }
        card.append(element('h3', title), box, list);
        byId('routes').append(card);
      }
      const least = Math.min(...points.map(r => r.error || r.bound)) / 30, most = Math.max(...points.map(r => r.bound)) * 3;
      show(id, {
        type: 'scatter',
        data: {
          datasets: kinds.map((s, i) => ({
            pointStyle: shapes[i], pointRadius: 5, pointHoverRadius: 8, borderColor: css('--f' + i), borderWidth: 1.5,
            backgroundColor: item => css(item.raw && item.raw.row.chosen ? '--f' + i : '--card'),
            data: points.filter(r => kindOf(r) === i).map(r => ({ x: r.gops, y: Math.max(r.error, least), row: r }))
          }))
        },
        options: {
          responsive: true, maintainAspectRatio: false, animation: false,
          scales: {
            x: axis('GOP/s', { min: 0, suggestedMax: 1.05 * Math.max(...points.map(r => r.gops)) }),
            y: axis('error over |A|·|B|', { type: 'logarithmic', min: 10 ** Math.floor(Math.log10(least)), max: 10 ** Math.ceil(Math.log10(most)) })
          },
          plugins: {
            legend: { display: false },
            tooltip: Object.assign(tooltip(), {
              callbacks: {
                title: items => items.length ? items[0].raw.row.kernel : '',
                label: item => { const r = item.raw.row; return [digits(r.gops) + ' GOP/s, ' + time(r.seconds), 'error ' + digits(r.error) + ', bound ' + digits(r.bound), r.chosen ? 'picked for ' + r.chosenFor.join(', ') : 'admitted from ' + r.accuracy + ' on']; }
              }
            })
          }
        },
        plugins: [routeMarks]
      });
      Object.assign(charts[id].options.scales.y.ticks, powers);
      charts[id].update('none');
    });
    const legend = byId('routes-legend');
    legend.replaceChildren();
    kinds.forEach((s, i) => {
      const mark = shapeSvg(shapes[i], css('--f' + i));
      mark.append(s.name);
      legend.append(mark);
    });
  }

  /* Quartiles as lines, the bar of each row as a diamond. */
  const gateMarks = {
    id: 'gateMarks',
    afterDatasetsDraw(chart) {
      const c = chart.ctx, x = chart.scales.x;
      c.save();
      chart.getDatasetMeta(0).data.forEach((bar, i) => {
        const r = chart.data.rows[i];
        c.strokeStyle = css('--ink');
        c.lineWidth = 1.5;
        c.beginPath();
        c.moveTo(x.getPixelForValue(Math.max(r.iqr[0], x.min)), bar.y);
        c.lineTo(x.getPixelForValue(r.iqr[1]), bar.y);
        c.stroke();
        if (r.bar === null) return;
        const at = x.getPixelForValue(r.bar);
        c.fillStyle = css('--ink');
        c.beginPath();
        c.moveTo(at, bar.y - 6); c.lineTo(at + 4, bar.y); c.lineTo(at, bar.y + 6); c.lineTo(at - 4, bar.y);
        c.fill();
      });
      c.restore();
    }
  };

  function gate() {
    if (!data.gate) return;
    byId('gate-section').hidden = false;
    const m = data.gate.machine, measured = data.gate.rows.filter(r => r.ratio !== null && r.ratio > 0 && r.iqr);
    const all = status => data.gate.rows.filter(r => r.status === status);
    byId('gate-line').textContent = plural(measured.length, 'ratio') + ' measured on ' + m.cpu + ', ' + m.date.slice(0, 10) + ', by ' + m.command + '; '
      + all('fail').length + ' failed, ' + all('undecided').length + ' undecided, ' + all('not-applicable').length + ' do not apply.';
    const unseen = all('fail').filter(r => !measured.includes(r));
    byId('gate-failures').hidden = unseen.length === 0;
    byId('gate-failures').replaceChildren(...unseen.map(r => element('p', r.id + ' / ' + r.peer + ': ' + r.reason)));
    const entries = measured.filter(r => r.bar !== null || byId('unbarred').checked)
      .sort((a, b) => (a.bar === null) - (b.bar === null) || (a.bar === null ? a.ratio - b.ratio : a.ratio / a.bar - b.ratio / b.bar));
    const colour = r => css(r.status === 'fail' ? '--bad' : r.bar === null ? '--muted-bar' : r.ratio >= r.bar ? '--accent' : '--f1');
    const least = Math.min(0.5, ...entries.map(r => r.ratio)) / 1.3;
    byId('gate-box').style.height = (entries.length * 17 + 62) + 'px';
    show('gate', {
      type: 'bar',
      data: {
        rows: entries,
        labels: entries.map(r => r.id + ' / ' + r.peer),
        datasets: [{ data: entries.map(r => [Math.min(1, r.ratio), Math.max(1, r.ratio)]), backgroundColor: entries.map(colour), borderRadius: 2, barThickness: 9 }]
      },
      options: {
        indexAxis: 'y', responsive: true, maintainAspectRatio: false, animation: false,
        scales: { x: axis('ratio', Object.assign({ type: 'logarithmic', min: least })), y: axis('', { grid: { display: false }, title: { display: false } }) },
        plugins: {
          legend: { display: false },
          tooltip: Object.assign(tooltip(), {
            callbacks: { label: item => { const r = entries[item.dataIndex]; return [digits(r.ratio) + ', quartiles ' + digits(r.iqr[0]) + ' to ' + digits(r.iqr[1]), r.bar === null ? 'no bar' : 'bar ' + digits(r.bar) + ', floor ' + digits(r.floor) + ': ' + r.status, r.kernel || '', r.version || '']; } }
          })
        }
      },
      plugins: [gateMarks]
    });
    charts.gate.options.scales.y.ticks.autoSkip = false;
    charts.gate.options.scales.y.ticks.font = { size: phone.matches ? 8 : 10 };
    charts.gate.update('none');
  }

  const si = (v, unit) => {
    const prefixes = [[1e12, 'T'], [1e9, 'G'], [1e6, 'M'], [1e3, 'k'], [1, ''], [1e-3, 'm'], [1e-6, 'µ'], [1e-9, 'n'], [1e-12, 'p']];
    const [factor, prefix] = prefixes.find(p => v >= p[0]) || [1, ''];
    return digits(v / factor) + ' ' + prefix + unit;
  };

  /* Domains as boxes in boxes; places as squares. */
  function topology() {
    const t = data.topology, box = byId('topology');
    byId('topology-line').textContent = t.summary;
    const list = element('ol', undefined, 'levels');
    t.levels.forEach((l, i) => {
      const li = element('li');
      const last = i === t.levels.length - 1;
      li.append(element('b', plural(l.domains, l.name)), element('span', (last ? 'within: ' : 'between its parts: ') + time(l.latency) + ', ' + si(l.bandwidth, 'B/s')
        + (l.planes > 1 ? ', ' + l.planes + ' planes' : '') + (l.fails ? '; fails as a whole' : '')));
      list.append(li);
    });
    box.append(list);
    const draw = (d, level) => {
      if (!d.parts) {
        const place = element('div', d.devices ? String(d.devices) : '', 'place' + (d.down ? ' down' : ''));
        place.title = d.name + (d.down ? ', down' : '') + (d.memory < 2 ** 53 ? ', ' + bytes(d.memory) : '') + (d.devices ? ', ' + plural(d.devices, 'device') : '');
        return place;
      }
      const e = element('div', undefined, 'domain' + (d.bandwidth === 0 ? ' down' : ''));
      e.append(element('span', d.name));
      const inside = element('div', undefined, 'parts');
      inside.append(...d.parts.map(p => draw(p, level + 1)));
      e.append(inside);
      return e;
    };
    if (t.tree) box.append(draw(t.tree, 0));
  }

  function placement() {
    const scales = data.placement.rows;
    const stored = scales.find(s => s.stored);
    byId('placement-line').textContent = 'A training job on synthetic machines: groups of eight ranks, pipelines, gradients between copies, '
      + 'simulated message by message on the placement that is planned.' + (stored ? ' The largest machine is from ' + stored.stored + '.' : '');
    const line = (label, key, colour) => ({
      label, data: scales.map(s => ({ x: s.places, y: s[key] })), borderColor: css(colour), backgroundColor: css(colour),
      pointStyle: 'circle', pointRadius: scales.map(s => s.stored ? 5 : 4), pointBackgroundColor: scales.map(s => css(s.stored ? '--card' : colour)), borderWidth: 2
    });
    const chart = (id, lines) => show(id, {
      type: 'line', data: { datasets: lines },
      options: {
        responsive: true, maintainAspectRatio: false, animation: false, parsing: false,
        scales: {
          x: axis('devices', { type: 'logarithmic', min: 200, max: 300000, afterBuildTicks: a => { a.ticks = scales.map(s => ({ value: s.places })); }, ticks: { color: css('--soft'), callback: v => v.toLocaleString('en'), font: { size: 11 } } }),
          y: axis('', { type: 'logarithmic', title: { display: false }, ticks: { color: css('--soft'), font: { size: 11 }, callback: v => Math.abs(Math.log10(v) - Math.round(Math.log10(v))) < 1e-9 ? time(v) : '' } })
        },
        plugins: {
          legend: { display: true, position: 'bottom', labels: { color: css('--soft'), usePointStyle: true, boxHeight: 6 } },
          tooltip: Object.assign(tooltip(), { callbacks: { title: items => scales[items[0].dataIndex].machine, label: item => item.dataset.label + ': ' + time(item.raw.y) } })
        }
      }
    });
    chart('planning', [line('placement', 'plan_seconds', '--f0'), line('failover of a node', 'failover_seconds', '--f2')]);
    chart('steps', [line('as planned', 'step_seconds', '--accent'), line('a plane down', 'failed_plane_step_seconds', '--f4'), line('round robin', 'round_robin_step_seconds', '--f1')]);
  }

  function scalesTable() {
    const names = ['Machine', 'Ranks', 'Plan', 'Failover', 'Step', 'Round robin', 'Plane down', 'After failover', 'Failures', 'Goodput'];
    const head = element('tr');
    names.forEach((n, i) => head.append(element('th', n, i ? 'num' : '')));
    document.querySelector('#scales thead').append(head);
    for (const s of data.placement.rows) {
      const tr = element('tr');
      tr.append(element('td', s.machine, 'two'));
      for (const v of [s.tasks.toLocaleString('en'), time(s.plan_seconds), time(s.failover_seconds), time(s.step_seconds), time(s.round_robin_step_seconds),
        time(s.failed_plane_step_seconds), time(s.after_failover_step_seconds), s.campaign.failures, percent(s.campaign.goodput)]) tr.append(element('td', String(v), 'num'));
      tr.querySelectorAll('td').forEach((td, i) => { if (i) td.dataset.label = names[i].toLowerCase(); });
      document.querySelector('#scales tbody').append(tr);
    }
    byId('explained').textContent = data.placement.explained;
  }

  function energy() {
    const e = data.energy, line = byId('energy-line');
    byId('energy-box').closest('.card').hidden = e.joules === null;
    const devices = ' Devices: ' + (e.device_joules === null ? e.devices : si(e.device_joules, 'J') + ' of ' + e.devices) + '.';
    if (e.joules === null) {
      line.textContent = 'Processors: ' + e.source + '.' + devices;
      return;
    }
    line.textContent = 'Counted: ' + e.source + '. This report took ' + si(e.joules, 'J') + ', ' + si(e.joules / e.seconds, 'W') + ' in the mean. Below, the least of an operation.' + devices;
    const most = new Map();
    for (const r of right.filter(r => r.threads === threads && r.chosen && r.joules > 0)) {
      const key = r.op + ' ' + r.precision, old = most.get(key);
      if (!old || r.joules / r.operations < old.joules / old.operations) most.set(key, r);
    }
    const entries = [...most.entries()].sort((a, b) => a[1].joules / a[1].operations - b[1].joules / b[1].operations);
    byId('energy-box').style.height = (entries.length * 23 + 62) + 'px';
    show('energy', {
      type: 'bar',
      data: { labels: entries.map(x => x[0]), datasets: [{ data: entries.map(x => 1e12 * x[1].joules / x[1].operations), backgroundColor: css('--accent'), borderRadius: 3, barThickness: 13 }] },
      options: {
        indexAxis: 'y', responsive: true, maintainAspectRatio: false, animation: false, layout: { padding: { right: 40 } },
        scales: { x: axis('pJ an operation', { type: 'logarithmic' }), y: axis('', { grid: { display: false }, title: { display: false } }) },
        plugins: { legend: { display: false }, tooltip: Object.assign(tooltip(), { callbacks: { label: item => { const r = entries[item.dataIndex][1]; return [r.workload + ' ' + r.size, r.kernel, si(r.joules, 'J') + ' a run']; } } }) }
      },
      plugins: [barValues]
    });
    charts.energy.options.scales.y.ticks.autoSkip = false;
    charts.energy.update('none');
  }

  const columns = [
    { key: 'workload', name: 'Workload' }, { key: 'precision', name: 'Types' }, { key: 'kernel', name: 'Kernel' },
    { key: 'threads', name: 'Threads', num: true }, { key: 'seconds', name: 'Time', num: true }, { key: 'gops', name: 'GOP/s', num: true },
    { key: 'gbs', name: 'GB/s', num: true }, { key: 'share', name: 'Share of peak' }, { key: 'errorOverBound', name: 'Error / bound', num: true }, { key: 'ok', name: 'Verified' }
  ];

  function tableHead() {
    const tr = element('tr');
    for (const c of columns) {
      const th = element('th', undefined, c.num ? 'num' : '');
      const b = element('button', c.name);
      b.type = 'button';
      b.addEventListener('click', () => { sort = { key: c.key, down: sort.key === c.key ? !sort.down : !!c.num || c.key === 'share' }; table(); });
      th.append(b);
      tr.append(th);
    }
    document.querySelector('#rows thead').append(tr);
    byId('family').append(new Option('all families', ''), ...families.map(f => new Option(f, f)));
    byId('order').append(new Option('in order', ''), ...columns.map(c => new Option('by ' + c.name.toLowerCase(), c.key)));
    byId('order').addEventListener('change', e => { const c = columns.find(x => x.key === e.target.value); sort = { key: c ? c.key : null, down: !!c && (!!c.num || c.key === 'share') }; table(); });
    for (const id of ['search', 'family', 'chosen']) byId(id).addEventListener('input', table);
  }

  function cell(tr, text, className, label) {
    const td = element('td', text, className);
    if (label) td.dataset.label = label;
    tr.append(td);
    return td;
  }

  function tableRow(r) {
    const tr = element('tr');
    const w = cell(tr, r.workload, 'two');
    w.append(element('small', r.size));
    w.title = r.origin + (r.standsFor ? '. Stands for ' + r.standsFor + ', too large for the reference' : '');
    cell(tr, r.precision);
    const k = cell(tr, undefined, 'wide');
    k.append(element('span', r.short, 'kernel ' + (r.chosen ? 'pick' : 'nopick') + (r.reference ? ' ref' : '')));
    k.title = r.kernel;
    cell(tr, r.threads, 'num', 'threads');
    cell(tr, time(r.seconds), 'num', 'time');
    cell(tr, digits(r.gops), 'num', 'GOP/s');
    cell(tr, digits(r.gbs), 'num', 'GB/s');
    const s = cell(tr, undefined, 'two', 'share of peak');
    const meter = element('span', undefined, 'meter');
    const bar = element('i');
    bar.style.width = Math.min(100, 100 * (r.share || 0)) + '%';
    meter.append(bar);
    s.append(meter, percent(r.share) + ' ' + r.bind);
    s.title = 'arithmetic ' + percent(r.computeShare) + ', ' + r.level + ' bandwidth ' + percent(r.bandwidthShare);
    const e = cell(tr, digits(r.errorOverBound), 'num', 'error / bound');
    e.title = 'largest error ' + (r.error === null ? '–' : r.error.toExponential(2)) + ', declared bound ' + (r.bound === null ? '–' : r.bound.toExponential(2)) + ', both over the sum of absolute terms';
    const v = cell(tr, r.ok ? '✓' : '✗', r.ok ? 'ok' : 'wrong', 'verified');
    v.title = r.message;
    return tr;
  }

  function table() {
    const words = byId('search').value.toLowerCase().split(/\s+/).filter(Boolean);
    const family = byId('family').value, chosen = byId('chosen').checked;
    let shown = rows.filter(r => (!family || r.family === family) && (!chosen || r.chosen)
      && words.every(w => (r.workload + ' ' + r.precision + ' ' + r.kernel + ' ' + r.size + ' ' + r.family).toLowerCase().includes(w)));
    if (sort.key) {
      const sign = sort.down ? -1 : 1;
      const value = r => r[sort.key] === null ? -Infinity : r[sort.key];
      shown = shown.slice().sort((a, b) => value(a) < value(b) ? -sign : value(a) > value(b) ? sign : 0);
    }
    document.querySelectorAll('#rows th').forEach((th, i) => {
      if (columns[i].key === sort.key) th.setAttribute('aria-sort', sort.down ? 'descending' : 'ascending');
      else th.removeAttribute('aria-sort');
    });
    document.querySelector('#rows tbody').replaceChildren(...shown.map(tableRow));
    byId('count').textContent = shown.length === rows.length ? plural(rows.length, 'measurement') : shown.length + ' of ' + plural(rows.length, 'measurement');
  }

  function facts() {
    const m = data.machine, box = byId('facts');
    const fact = (name, value) => box.append(element('dt', name), element('dd', value));
    fact('Processor', m.cpu + ', ' + m.arch + ', ' + plural(m.cores, 'core'));
    fact('Features', m.features.join(', '));
    fact('Vectors', m.vectorBits ? m.vectorBits + ' bits' : 'unavailable');
    fact('Caches', 'L1 ' + bytes(m.caches.l1) + ', L2 ' + bytes(m.caches.l2) + ', L3 ' + (m.caches.l3 ? bytes(m.caches.l3) : 'none'));
    fact('Memory', (m.memory.total ? bytes(m.memory.total) + ', of which ' : '') + bytes(m.memory.heap) + ' for the Java heap');
    for (const d of m.devices ? m.devices.found : []) fact('Device ' + d.device, [d.title, d.kind, bytes(d.memory), d.version].join(', '));
    fact('Profile', m.profile);
    fact('Energy', m.energy);
    fact('System', m.os);
    fact('Java', m.java);
    fact('JVM settings', Object.entries(m.jvm).map(([k, v]) => k + ' ' + v).join(', '));
    for (const y of data.yardsticks) {
      const on = ', ' + plural(y.threads, 'thread'), level = l => ['read_' + l, l === 'memory' ? 'copy' : 'copy_' + l, l === 'memory' ? 'triad' : 'triad_' + l].map(k => digits(y[k + '_gbs'])).join(' / ');
      fact('Peaks' + on, 'F64 ' + digits(y.fma_f64_gops) + ', F32 ' + digits(y.fma_f32_gops) + ' GOP/s');
      fact('Bandwidth' + on, 'read / copy / triad in GB/s: L1 ' + level('l1') + ', L2 ' + level('l2') + ', L3 ' + level('l3') + ', memory ' + level('memory')
        + '; memory read in ' + plural(y.read_memory_streams, 'stream') + ' a thread');
      const units = { gops: ' GOP/s', ns: ' ns' };
      const words = Object.entries(y).filter(([k]) => /^(?!fma_).*_(gops|ns)$/.test(k)).map(([k, v]) => {
        const [, name, unit] = k.match(/^(.*)_(.*)$/);
        return name.replaceAll('_', ' ') + ' ' + (typeof v === 'number' ? digits(v) + units[unit] : v);
      });
      fact('Loops in C' + on, [...words, y.c_compiler].join('; '));
    }
  }

  function draw() {
    document.querySelectorAll('#threads button').forEach((b, i) => b.setAttribute('aria-pressed', counts[i] === threads));
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    tiles();
    roofline();
    bars('gemm', 'GOP/s, best workload', r => r.op === 'gemm', r => r.gops, r => r.precision);
    bars('sum', 'GB/s read, best workload', r => r.op === 'sum', r => r.gbs, r => r.precision);
    routes();
    placement();
    energy();
    gate();
    bars('reduce', 'GB/s read, best workload', r => !['gemm', 'sum', 'convert'].includes(r.op), r => r.gbs, r => r.op + ' ' + r.precision);
    bars('convert', 'GB/s read and written, best workload', r => r.op === 'convert', r => r.gbs, r => r.precision.replace('·', ' → '));
  }

  head();
  segments();
  tableHead();
  table();
  facts();
  topology();
  scalesTable();
  draw();
  byId('unbarred').addEventListener('change', gate);
  byId('others').addEventListener('change', roofline);
  dark.addEventListener('change', draw);
  phone.addEventListener('change', draw);
})();

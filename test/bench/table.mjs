// Formats samples as a table: the median of each contestant, and the ratio of the first to each of the others.

/** @param samples one object of rows a run, by contestant; the runs of one number belong together */
export function rowsOf(samples) {
  const [[, own], ...others] = Object.entries(samples);
  return Object.keys(own[0]).map((label) => {
    const values = Object.entries(samples).map(([name, runs]) => [
      name,
      median(runs.map((run) => run[label])),
    ]);
    const ratios = others.map(([name, runs]) => [
      name,
      median(own.map((run, index) => run[label] / runs[index][label])),
    ]);
    return { label, medians: Object.fromEntries(values), ratios: Object.fromEntries(ratios) };
  });
}

export function tableOf(rows) {
  const names = Object.keys(rows[0].medians);
  const others = Object.keys(rows[0].ratios);
  const lines = [
    ['', ...names, ...others.map((name) => `${names[0]}/${name}`)],
    ['---', ...[...names, ...others].map(() => '---:')],
    ...rows.map(({ label, medians, ratios }) => [
      label,
      ...Object.values(medians).map(rounded),
      ...Object.values(ratios).map((ratio) => ratio.toFixed(2)),
    ]),
  ];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function rounded(value) {
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
}

export function median(values) {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
}

// same-values.cjs SAMPLES SENT: each sample of aiobmsble is one of the cell data that the simulator has sent.
const { readFileSync } = require('node:fs');

const [samples, sent] = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')));
const [info] = sent.device_info;
const same = (mine, theirs) => JSON.stringify(mine) === JSON.stringify(theirs);
const valuesOf = (data) => ({
  cells: data.cell_voltage,
  voltage: data.battery_voltage,
  current: data.battery_current,
  charge: data.remain_percent,
  cycles: data.cycle_count,
});
const theirValues = (sample) => ({
  cells: sample.cell_voltages,
  voltage: sample.voltage,
  current: sample.current,
  charge: sample.battery_level,
  cycles: sample.cycles,
});

const all = sent.cell_data.map(valuesOf);
for (const sample of samples.samples) {
  const theirs = theirValues(sample);
  if (!all.some((mine) => same(mine, theirs))) throw new Error(`never sent: ${JSON.stringify(theirs)}`);
}
if (samples.info.model !== info.device_model || samples.info.sw_version !== info.software_version) {
  throw new Error(`not ${info.device_model}: ${JSON.stringify(samples.info)}`);
}
console.log(`${samples.samples.length} samples, each one of ${all.length} that were sent`);

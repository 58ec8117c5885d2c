import type { Battery } from './api.ts';
import { numberOf } from './format.ts';

/** Full scales of the bars in V. Fixed steps, so that a perfect pack looks perfect. */
const scales = [0.01, 0.03, 0.1, 0.3, 1];

/** The cells as their deviation from the mean. People count them from 1. */
export function Cells({ battery }: { readonly battery: Battery }) {
  const listed = battery.values['cell_voltage'];
  const cells = Array.isArray(listed) ? listed.map(numberOf) : [];
  const voltages = cells.filter((cell) => cell !== undefined);
  if (voltages.length === 0) return null;
  const mean = voltages.reduce((sum, cell) => sum + cell, 0) / voltages.length;
  const most = Math.max(...voltages.map((cell) => Math.abs(cell - mean)));
  const scale = scales.find((each) => most <= each) ?? most;
  const spread = Math.max(...voltages) - Math.min(...voltages);
  const { low, high } = battery.cell_limits;
  const isBeyond = (cell: number): boolean => cell <= (low ?? -Infinity) || cell >= (high ?? Infinity);
  const lowest = cells.indexOf(Math.min(...voltages));
  const highest = cells.indexOf(Math.max(...voltages));
  return (
    <section aria-labelledby="cells">
      <h2 id="cells">Cells</h2>
      <p class="quiet">
        spread {(spread * 1000).toFixed(0)} mV, lowest cell {lowest + 1}, highest cell {highest + 1}; bars
        show ±{Math.round(scale * 1000)} mV around the mean of {mean.toFixed(3)} V
        {low !== null && high !== null && `; limits ${low} to ${high} V`}
      </p>
      <table class="cells">
        <thead class="unseen">
          <tr>
            <th scope="col">Cell</th>
            <th scope="col">Voltage</th>
            <th scope="col">Deviation from the mean</th>
          </tr>
        </thead>
        <tbody>
          {cells.map((cell, index) => (
            <tr key={index} class={cell !== undefined && isBeyond(cell) ? 'beyond' : ''}>
              <th scope="row">{index + 1}</th>
              <td class="number" data-key={`cell_voltage_${index}`}>
                {cell === undefined ? '–' : `${cell.toFixed(3)} V`}
              </td>
              <td>
                {cell !== undefined && (
                  <Bar
                    share={(cell - mean) / scale}
                    limits={[low, high].map((limit) => (limit === null ? null : (limit - mean) / scale))}
                    kind={isBeyond(cell) ? 'beyond' : index === lowest || index === highest ? 'end' : ''}
                  />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** A bar to the left or the right of the middle, with limits where they are in sight. */
function Bar(props: {
  readonly share: number;
  readonly limits: readonly (number | null)[];
  readonly kind: string;
}) {
  const { share, limits, kind } = props;
  const width = Math.min(Math.abs(share), 1) * 50;
  return (
    <svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <line x1="50" y1="0" x2="50" y2="10" class="axis" />
      <rect x={share < 0 ? 50 - width : 50} y="2" width={width} height="6" class={kind} />
      {limits.map((limit) =>
        limit !== null && Math.abs(limit) <= 1 ? (
          <line x1={50 + limit * 50} y1="0" x2={50 + limit * 50} y2="10" class="limit" />
        ) : null,
      )}
    </svg>
  );
}

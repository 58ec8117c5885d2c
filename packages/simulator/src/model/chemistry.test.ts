import { describe, expect, it } from 'vitest';
import { chemistries, openCircuitVoltage } from './chemistry.ts';

describe.each(Object.entries(chemistries))('%s', (_, chemistry) => {
  it('rises in voltage with the state of charge, within and beyond its curve', () => {
    const voltages = Array.from({ length: 121 }, (_unused, index) =>
      openCircuitVoltage(chemistry, (index - 10) / 100),
    );
    expect(voltages.every((voltage, index) => index === 0 || voltage > (voltages[index - 1] ?? NaN))).toBe(
      true,
    );
  });

  it('passes through the points of its curve', () => {
    for (const [soc, voltage] of chemistry.openCircuitVoltage) {
      expect(openCircuitVoltage(chemistry, soc)).toBeCloseTo(voltage, 9);
    }
  });

  it('protects below its recovery and asks for less than it protects from', () => {
    const { settings } = chemistry;
    const rising = [
      settings.powerOffVoltage,
      settings.cellUvp,
      settings.soc0Voltage,
      settings.requestFloatVoltage,
      settings.soc100Voltage,
      settings.requestChargeVoltage,
      settings.cellOvp,
    ];
    expect(rising.toSorted((a, b) => a - b)).toEqual(rising);
    expect(settings.cellUvpRecovery).toBeGreaterThan(settings.cellUvp);
    expect(settings.cellOvpRecovery).toBeLessThan(settings.cellOvp);
  });
});

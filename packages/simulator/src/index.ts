export { BatteryModel, type BatteryModelOptions } from './battery-model.ts';
export type { BatteryState } from './battery-state.ts';
export { chemistries, type Chemistry, type ChemistryName } from './chemistry.ts';
export { deviceProfiles, type DeviceProfile, type DeviceProfileName } from './device-profiles.ts';
export type { FirmwareTraits } from './firmware.ts';
export {
  constantCurrent,
  dayCycle,
  type DayCycleOptions,
  type Demand,
  type LoadProfile,
} from './load-profile.ts';
export type { CellDataRecord } from './cell-data-record.ts';
export type { DeviceInfoRecord } from './device-info-record.ts';
export type { Session } from './session.ts';
export { defaultSettings, type Settings } from './settings.ts';
export { SimulatedDevice, type SimulatedDeviceOptions } from './simulated-device.ts';
export { simulatedLink, type SimulatedLinkOptions } from './simulated-link.ts';
export type { Central } from './uart.ts';
export type { DeviceReport } from './activity.ts';
export type { Fault, FaultyDevice, FaultyLink, LinkFault, MakeFault } from './fault.ts';
export {
  faults,
  listFaults,
  parseFaults,
  type ChosenFault,
  type FaultName,
  type FaultRow,
  type FaultSet,
} from './faults.ts';
export { advertise, type Advertisement, type AdvertiseOptions } from './advertise.ts';
export type { HciDevice, PeripheralAdapter } from './bleno-host.ts';
export { carryToKernel, type KernelController, type KernelControllerOptions } from './carriers/vhci.ts';
export { gattLayouts, type GattLayout, type GattLayoutName } from './gatt-layouts.ts';
export { RecordedDevice, type RecordedDeviceOptions } from './replay/recorded-device.ts';
export { recordedAddresses, replay, type Replay, type ReplayOptions } from './replay/replay.ts';
export type { SerialDevice, SerialSession } from './serial-device.ts';
export { simulatedDevices, type SimulatedDevicesOptions } from './simulated-devices.ts';
export {
  batteryAddress,
  simulate,
  simulateDevices,
  type SimulatedBattery,
  type SimulateOptions,
  type Simulation,
  type SimulationOptions,
  type SimulationReport,
} from './simulate.ts';

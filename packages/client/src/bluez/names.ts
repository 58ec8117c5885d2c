/** Names of the interfaces of BlueZ and D-Bus (BlueZ, doc/org.bluez.*.rst). */
export const interfaces = {
  adapter: 'org.bluez.Adapter1',
  agent: 'org.bluez.Agent1',
  agentManager: 'org.bluez.AgentManager1',
  characteristic: 'org.bluez.GattCharacteristic1',
  device: 'org.bluez.Device1',
  service: 'org.bluez.GattService1',
  objectManager: 'org.freedesktop.DBus.ObjectManager',
  properties: 'org.freedesktop.DBus.Properties',
} as const;

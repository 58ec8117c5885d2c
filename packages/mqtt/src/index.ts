export { hostId } from './host-id.ts';
export { parseBrokerUrl, type BrokerAddress } from './broker/parse-url.ts';
export type { BrokerCredentials } from './broker/credentials.ts';
export { removeFromBroker } from './remove.ts';
export { mqttVersions, type MqttFormat, type MqttSettings, type MqttVersion } from './settings.ts';
export { startMqtt, type MqttContext, type MqttCounters, type RunningMqtt } from './start-mqtt.ts';
export { UsageError } from '@ubmsc/base';

import { serviceConfigFile } from './places.ts';

/** The user as whom the service runs. */
export const serviceUser = 'ubmsc';
export const unitName = 'ubmsc.service';
/** How long the service may take to start, in seconds. */
export const startTimeout = 300;

/**
 * The unit for systemd.
 *
 * @param command what it runs, as a program and its first arguments
 */
export function unitText(command: readonly string[]): string {
  return `# Made by ubmsc generate unit. Change it with: systemctl edit ubmsc
# Configuration: ${serviceConfigFile}

[Unit]
Description=JK batteries over Bluetooth LE as Prometheus metrics
After=bluetooth.target network-online.target
Wants=network-online.target
StartLimitIntervalSec=0

[Service]
Type=notify
# systemd-notify, a child, sends the messages.
NotifyAccess=all
ExecStart=${[...command.map(quoted), 'export'].join(' ')}
ExecReload=kill -HUP $MAINPID
Restart=on-failure
RestartSec=5
# Fed while the sessions with the batteries make progress.
WatchdogSec=120
# A small computer that has just been switched on has much to do; the default of 90 s would end a slow start.
TimeoutStartSec=${startTimeout}
TimeoutStopSec=20
MemoryMax=256M
# glibc gives each thread memory of its own otherwise, which takes 5 MB more.
Environment=MALLOC_ARENA_MAX=1

User=${serviceUser}
Group=${serviceUser}
StateDirectory=ubmsc
ConfigurationDirectory=ubmsc
WorkingDirectory=%S/ubmsc

# Only for machines without bluetoothd: raw HCI sockets. For the user channel, add CAP_NET_ADMIN to both lines.
AmbientCapabilities=CAP_NET_RAW
CapabilityBoundingSet=CAP_NET_RAW
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_BLUETOOTH

# No MemoryDenyWriteExecute: the JIT compiler of Node writes code.
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
PrivateMounts=yes
DevicePolicy=closed
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProcSubset=pid
KeyringMode=private
LockPersonality=yes
RemoveIPC=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM
UMask=0077

[Install]
WantedBy=multi-user.target
`;
}

/** As systemd.service(5) reads a word of a command line. */
function quoted(word: string): string {
  const escaped = word.replaceAll('%', '%%').replaceAll('$', '$$$$');
  return /^[\w./@:%+-]+$/.test(escaped) ? escaped : `"${escaped.replaceAll(/["\\]/g, '\\$&')}"`;
}

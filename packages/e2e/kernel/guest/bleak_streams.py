"""bleak_streams.py NAME [acquire]: streams from a battery with bleak until it is ended; a line for each notification."""
import asyncio
import sys
import time

from bleak import BleakClient, BleakScanner
from bleak.uuids import normalize_uuid_str

SERIAL = normalize_uuid_str("ffe1")


def request(command: int) -> bytes:
    """A request of the JK protocol without a value: its header, and a sum over it."""
    frame = bytes([0xAA, 0x55, 0x90, 0xEB, command]) + bytes(14)
    return frame + bytes([sum(frame) & 0xFF])


async def main(name: str, acquires: bool) -> None:
    device = await BleakScanner.find_device_by_name(name, timeout=30)
    lost = asyncio.Event()
    async with BleakClient(device, disconnected_callback=lambda _: lost.set()) as client:
        await client.start_notify(
            SERIAL,
            lambda _, data: print(f"{time.monotonic():.3f} {data[:4].hex()}", flush=True),
            bluez={"use_start_notify": not acquires},
        )
        for command in (0x97, 0x96):
            await client.write_gatt_char(SERIAL, request(command), response=False)
            await asyncio.sleep(1)
        await lost.wait()
        print(f"{time.monotonic():.3f} lost", flush=True)


asyncio.run(main(sys.argv[1], sys.argv[2:] == ["acquire"]))

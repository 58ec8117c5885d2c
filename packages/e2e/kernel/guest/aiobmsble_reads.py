"""Reads a battery by its name with aiobmsble, as Home Assistant does, and prints what it says as JSON."""
import asyncio
import json
import sys

from aiobmsble.bms.jikong_bms import BMS
from bleak import BleakScanner


async def main(name: str) -> None:
    device = await BleakScanner.find_device_by_name(name, timeout=20)
    async with BMS(ble_device=device) as bms:
        info = await bms.device_info()
        samples = []
        for _ in range(3):
            samples.append(await bms.async_update())
            await asyncio.sleep(1)
    json.dump({"info": info, "samples": samples}, sys.stdout, default=str)


asyncio.run(main(sys.argv[1]))

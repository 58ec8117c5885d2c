/** Opcodes of the commands that virtual controllers have (Core Specification 5.4, Vol 4, Part E, 7). */
export const opcodes = {
  HCI_Disconnect: 0x0406,
  HCI_Read_Remote_Version_Information: 0x041d,
  HCI_Set_Event_Mask: 0x0c01,
  HCI_Reset: 0x0c03,
  HCI_Read_LE_Host_Support: 0x0c6c,
  HCI_Write_LE_Host_Support: 0x0c6d,
  HCI_Read_Local_Version_Information: 0x1001,
  HCI_Read_Local_Supported_Commands: 0x1002,
  HCI_Read_Local_Supported_Features: 0x1003,
  HCI_Read_Buffer_Size: 0x1005,
  HCI_Read_BD_ADDR: 0x1009,
  HCI_Read_RSSI: 0x1405,
  HCI_LE_Set_Event_Mask: 0x2001,
  HCI_LE_Read_Buffer_Size: 0x2002,
  HCI_LE_Read_Local_Supported_Features: 0x2003,
  HCI_LE_Set_Random_Address: 0x2005,
  HCI_LE_Set_Advertising_Parameters: 0x2006,
  HCI_LE_Read_Advertising_Physical_Channel_Tx_Power: 0x2007,
  HCI_LE_Set_Advertising_Data: 0x2008,
  HCI_LE_Set_Scan_Response_Data: 0x2009,
  HCI_LE_Set_Advertising_Enable: 0x200a,
  HCI_LE_Set_Scan_Parameters: 0x200b,
  HCI_LE_Set_Scan_Enable: 0x200c,
  HCI_LE_Create_Connection: 0x200d,
  HCI_LE_Create_Connection_Cancel: 0x200e,
  HCI_LE_Connection_Update: 0x2013,
  HCI_LE_Read_Remote_Features: 0x2016,
  HCI_LE_Read_Supported_States: 0x201c,
  HCI_Broadcom_Write_BD_ADDR: 0xfc01,
} as const;

/** The name of a command in the Core Specification. */
export type CommandName = keyof typeof opcodes;

const names = new Map<number, string>(Object.entries(opcodes).map(([name, opcode]) => [opcode, name]));

const isName = (name: string): name is CommandName => Object.hasOwn(opcodes, name);

/** The command with this opcode; undefined for one that virtual controllers do not have. */
export function commandName(opcode: number): CommandName | undefined {
  const name = names.get(opcode);
  return name !== undefined && isName(name) ? name : undefined;
}

import { UbmscError } from '@ubmsc/base';

/** An ether, or what is below it, cannot be used. */
export class EtherError extends UbmscError {}

/** What is known of the end of this process. Only a program that runs alone in it knows: a library never sets it. */
export const processEnd: {
  /** It ends within moments: what takes time to close, and what the system takes back by itself, is left to the system. */
  isNear: boolean;
} = { isNear: false };

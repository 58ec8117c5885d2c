declare module 'snappyjs' {
  const snappyjs: { readonly uncompress: (compressed: Uint8Array) => Uint8Array };
  export default snappyjs;
}

/** The part of the package that the lock uses; it ships no types of its own. */
declare module 'fs-native-extensions' {
  const locks: {
    /** Advisory lock on the whole file; false when another descriptor holds it. Throws where the system has none. */
    tryLock(fd: number, options?: { shared?: boolean }): boolean;
  };
  export default locks;
}

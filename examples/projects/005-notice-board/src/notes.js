const notes = [];

/** Puts a note on top. */
export const pin = (text) => void notes.unshift(text);

/** The latest first. */
export const all = () => [...notes];

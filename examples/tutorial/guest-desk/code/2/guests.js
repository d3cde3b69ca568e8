const guests = [];

export function addGuest({ name, city }) {
  const guest = { number: guests.length + 1, name, city };
  guests.push(guest);
  return guest;
}

export const allGuests = () => guests;

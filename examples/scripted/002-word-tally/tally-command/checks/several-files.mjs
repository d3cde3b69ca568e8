export default async function check(kit) {
  const { assert } = kit;
  const { code, stdout } = await kit.run(`
    tally="$PWD/bin/tally.js"; folder=$(mktemp -d); cd "$folder"
    echo 'one two' > a.txt; echo three > b.txt
    node "$tally" a.txt b.txt; code=$?
    rm -r "$folder"; exit $code`);
  assert.equal(code, 0);
  assert.equal(stdout, '1 2 8 a.txt\n1 1 6 b.txt\n2 3 14 total\n');
}

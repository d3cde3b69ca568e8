export default async function check(kit) {
  const { assert } = kit;
  const { code, stdout, stderr } = await kit.run(`
    tally="$PWD/bin/tally.js"; folder=$(mktemp -d); cd "$folder"
    echo 'one two' > a.txt
    node "$tally" b.txt a.txt; code=$?
    rm -r "$folder"; exit $code`);
  assert.equal(code, 1);
  assert.equal(stderr, 'tally: b.txt: cannot be read\n');
  assert.match(stdout, /^1 2 8 a\.txt$/m);
}
